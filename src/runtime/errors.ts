// The one exception type of the runtime. `code` is for programs, the message for people: what was found, what was expected, what to do.

/**
 * `R..` codes are Fold's run-time errors (`bifold explain R02`); the others are the library's own.
 */
export type ErrorCode =
  | `R${number}`
  | "shape"
  | "dtype"
  | "device"
  | "empty"
  | "not-finite"
  | "parameter"
  | "not-fitted"
  | "features"
  | "disposed"
  | "device-lost"
  | "out-of-memory"
  | "unsupported"
  | "malformed"
  | "abi";

/** Thrown, or rejected with, by everything in Bifold that refuses an input or fails at run time. */
export class BifoldError extends Error {
  override readonly name = "BifoldError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
