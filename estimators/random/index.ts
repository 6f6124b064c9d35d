// bifold/random
export type { IntegerArray, IntegerDtype } from "../../src/random/integers.js";
export { checkRandomState, type RandomSource, RandomState, type Shuffled } from "../../src/random/random_state.js";
export { sampleWithoutReplacement } from "../../src/random/sample_without_replacement.js";
export type { Drawn, Size, Sized } from "../../src/random/size.js";
