// Bounds of integers: what is known at a place of a kernel, and proofs from it. See facts.ts and prove.ts.
export { Facts } from "./facts.js";
export { assume, isAtMost, isInRange, isLess, isNotNegative } from "./prove.js";
