// bifold/array: arrays of any dtype, where they live.
export { concatColumns, takeRows } from "./indexing.js";
