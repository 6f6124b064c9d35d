// What the generator covers, by name. Each must turn up: the report prints the counts, and the test fails where one is zero.

export const features = [
  // Statements.
  "let scalar",
  "let with a type",
  "let equation",
  "let with own axes",
  "let record",
  "unpack",
  "var scalar",
  "var array",
  "var record",
  "assign name",
  "assign element",
  "assign slice",
  "assign slice with a scalar",
  "assign field",
  "assign +=",
  "assign -=",
  "each",
  "each where",
  "each reads elsewhere",
  "each with a slice",
  "scatter +=",
  "scatter -=",
  "for",
  "for on data",
  "for triangular",
  "loop until",
  "if statement",
  "if else",
  "if on data",
  "require",
  "local size",
  "as",
  // Binders.
  "bare binder",
  "written range",
  "triangular range",
  "reducer where",
  "two binders",
  "three binders",
  // Reducers.
  "sum",
  "prod",
  "min",
  "max",
  "argmin",
  "argmax",
  "any",
  "all",
  "count",
  "prefix sum",
  "suffix sum",
  "prefix reducer",
  // Expressions.
  "if expression",
  "function of reals",
  "real power",
  "integer power",
  "integer arithmetic",
  "integer division",
  "u32 arithmetic",
  "bits",
  "shift",
  "bool array",
  "conversion to integer",
  "conversion to u32",
  "conversion to real",
  "gather",
  "shifted subscript",
  "slice",
  "row slice",
  "list literal",
  "constant",
  "size as a value",
  "whole array arithmetic",
  "whole array function",
  "whole array comparison",
  "matmul",
  "matrix times vector",
  "dot product",
  "transpose",
  "contraction with prologue and epilogue",
  "normal equations",
  "uniform",
  "normal",
  "randint",
  // Functions.
  "function call",
  "call for each element",
  "call for each element with a loop",
  "function parameter",
  "function by name",
  "builtin as a function",
  "lambda with captures",
  "import",
  "standard library",
  "host function",
  "many arrays",
  "wide call",
  "wide accumulator",
  "record parameter",
  "rank 3",
  // Run-time errors.
  "require fails",
  "index out of range",
  "slice out of range",
  "division by zero",
  "negative power",
  "double write",
  "shape check fails",
] as const;

export type Feature = (typeof features)[number];

export type Coverage = Map<Feature, number>;

export const emptyCoverage = (): Coverage => new Map(features.map((f) => [f, 0]));

export function addCoverage(to: Coverage, found: Iterable<Feature>): void {
  for (const f of found) to.set(f, (to.get(f) ?? 0) + 1);
}

export const missing = (c: Coverage): readonly Feature[] => features.filter((f) => c.get(f) === 0);

export const coverageReport = (c: Coverage): string =>
  features.map((f) => `${String(c.get(f) ?? 0).padStart(6)}  ${f}`).join("\n");
