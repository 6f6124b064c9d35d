// bifold/kernel_approximation
export { Nystroem, type NystroemParams } from "./nystroem.js";
