// What a backend is held against, as plain data: jobs, the variants that bounds are for, and references.
import type { Outcome } from "../../src/ir/interpret/index.js";
import type { HostValue } from "../../src/ir/interpret/value.js";

export type { HostValue, Outcome };

/** What a target's numbers may be: bounds hold for one of these. */
export interface Variant {
  readonly real: "float32" | "float64";
  readonly target: "wasm" | "wgsl";
}

export const variantName = (v: Variant): string => `${v.target} ${v.real}`;

/** One function with the arguments that it is called with. */
export interface Job {
  /** For reports: a seed, a file's name. */
  readonly title: string;
  /** Texts by path; `main` is the path of the file that is run. */
  readonly files: { readonly [path: string]: string };
  readonly main: string;
  readonly fn: string;
  /** One list of arguments for each call, in the order of the parameters. */
  readonly calls: readonly (readonly HostValue[])[];
}

/** For each variant, by its name, an outcome for each call; or why the program does not run at all. */
export type Reference =
  | { readonly outcomes: { readonly [variant: string]: readonly Outcome[] } }
  | { readonly problem: string };

export interface ReferenceRequest {
  readonly jobs: readonly Job[];
  readonly variants: readonly Variant[];
}
