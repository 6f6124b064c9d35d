// From the typed program to Nest IR.
export { type LowerOptions, lowerFunction } from "./lower.js";
export { type LoweredExpect, type LoweredTest, lowerTest } from "./test-block.js";
