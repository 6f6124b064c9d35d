// The one error type of the compiler. Errors are values: a stage returns diagnostics, and `render.ts` alone turns them into text.

/** A half-open range of UTF-16 offsets in one source file. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A place that helps to understand an error, with what is to be seen there. */
export interface Label {
  readonly at: Span;
  readonly text: string;
}

/**
 * What is wrong, where, why and what to do about it.
 * `code` is a letter for its family (P parse, N names, S sizes and binders, T types, L loops and assignment, U use, R run time)
 * and two digits; every code has an entry in `codes.ts`.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** One line: what was found and what was expected. */
  readonly message: string;
  readonly at: Span;
  /** What is to be seen at `at`, drawn under the caret. */
  readonly label?: string;
  readonly others?: readonly Label[];
  /** Facts that explain it, drawn behind `=`. */
  readonly notes?: readonly string[];
  /** What to try. */
  readonly help?: string;
}

/** A source text and the name under which diagnostics speak of it. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}
