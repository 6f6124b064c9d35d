// The error of a check that failed in a kernel.
import type { AbiCheck } from "../abi.js";
import { BifoldError } from "./errors.js";

/** A value as messages show it (docs/language.md, section 10). */
function shown(part: Exclude<AbiCheck["message"][number], string>, values: readonly (number | boolean)[]): string {
  if (typeof part === "number") return String(values[part]);
  const [kind, k] = part;
  return String(kind === "bool" ? Boolean(values[k]) : Number(Number(values[k]).toPrecision(6)));
}

/** With the values that the failure carries put into the check's message. */
export function checkFailure(check: AbiCheck, values: readonly (number | boolean)[]): BifoldError {
  const text = check.message.map((part) => (typeof part === "string" ? part : shown(part, values))).join("");
  return new BifoldError(
    check.code as `R${number}`,
    `${check.code}: ${text}\n  --> ${check.file}:${check.line}:${check.column}`,
  );
}
