// What is around a saved model, and how its parts are refused.
import { BifoldError } from "../../src/runtime/errors.js";
import { digestOf } from "./digest.js";
import { FORMAT, VERSION } from "./format.js";

/** Deeper nesting than any estimator has. */
const DEEPEST = 100;

export const malformed = (path: string, what: string, options?: ErrorOptions): BifoldError =>
  new BifoldError("malformed", `this is no saved estimator that could be loaded: ${path} ${what}`, options);

/** The `model` in a saved object or its text. @throws {BifoldError} `malformed` */
export function checkEnvelope(saved: unknown): Readonly<Record<string, unknown>> {
  const whole = fields(typeof saved === "string" ? parsed(saved) : saved, "the whole");
  if (whole["format"] !== FORMAT)
    throw malformed(
      "format",
      `is ${JSON.stringify(whole["format"])}, expected ${JSON.stringify(FORMAT)} (save with \`JSON.stringify(await model.toJSON())\`: \`await\` is needed)`,
    );
  if (whole["version"] !== VERSION)
    throw malformed("version", `is ${JSON.stringify(whole["version"])}, and this release reads ${VERSION}`);
  checkDepth(whole["model"], DEEPEST);
  const model = fields(whole["model"], "model");
  if (model["$"] !== "estimator") throw malformed("model", "is no estimator");
  if (whole["digest"] !== digestOf(model))
    throw malformed("digest", "is not that of the model: the text was cut or changed after it was saved");
  return model;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("the text", `is no JSON (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
}

function checkDepth(value: unknown, left: number): void {
  if (typeof value !== "object" || value === null) return;
  if (left === 0) throw malformed("model", `is nested more than ${DEEPEST} deep`);
  for (const part of Object.values(value)) checkDepth(part, left - 1);
}

export function fields(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(
      path,
      `is ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}, expected an object`,
    );
  return value as Readonly<Record<string, unknown>>;
}

export function text(value: unknown, path: string): string {
  if (typeof value !== "string") throw malformed(path, `is ${JSON.stringify(value)}, expected a string`);
  return value;
}

export function integer(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw malformed(path, `is ${JSON.stringify(value)}, expected a whole number that is not negative`);
  return value;
}
