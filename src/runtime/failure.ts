// The error of a check that failed in a kernel.
import type { AbiCheck } from "../abi.js";
import { BifoldError } from "./errors.js";

/** With the values that the failure carries put into the check's message. */
export function checkFailure(check: AbiCheck, values: readonly (number | boolean)[]): BifoldError {
  const text = check.message.map((part) => (typeof part === "string" ? part : String(values[part]))).join("");
  return new BifoldError(
    check.code as `R${number}`,
    `${check.code}: ${text}\n  --> ${check.file}:${check.line}:${check.column}`,
  );
}
