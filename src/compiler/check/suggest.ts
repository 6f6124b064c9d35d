// "Did you mean …?": the known name nearest to a misspelt one.

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The nearest of `known`, where one is near enough for a misspelling: a change in every three letters, and never the whole name. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > 40) return undefined;
  let best: string | undefined;
  let least = Math.min(Math.floor((name.length + 2) / 3), name.length - 1) + 1;
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue;
    const sameButForCase = candidate.toLowerCase() === name.toLowerCase();
    const d = sameButForCase ? 0 : editDistance(name, candidate);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

export const didYouMean = (name: string, known: Iterable<string>): string | undefined => {
  const best = nearest(name, known);
  return best === undefined ? undefined : `did you mean \`${best}\`?`;
};

/** What the types of other languages are called here. */
const typesElsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["float", "double", "number", "f32", "f64", "float32", "float64", "f16"].map((n) => [n, "real"]),
  ),
  ...Object.fromEntries(["int", "integer", "long", "short", "int32", "int64", "i64", "isize"].map((n) => [n, "i32"])),
  ...Object.fromEntries(["uint", "unsigned", "uint32", "uint64", "u64", "usize"].map((n) => [n, "u32"])),
  boolean: "bool",
};

/** The type that is meant by a name of another language's. */
export function typeElsewhere(name: string): string | undefined {
  const known = name.toLowerCase();
  if (!Object.hasOwn(typesElsewhere, known)) return undefined;
  const type = typesElsewhere[known] ?? "";
  const what = {
    real: "floating-point numbers are",
    i32: "integers are",
    u32: "unsigned integers are",
    bool: "truth values are",
  }[type];
  return `${what} of type \`${type}\``;
}
