// Parameters with estimators among them: names that reach into parts (`ridge__alpha`), and values with copies in place of what they hold.

/** Parameters of the estimators inside an estimator, by the way to them: `ridge__alpha`. */
export type NestedParams = { readonly [name: `${string}__${string}`]: unknown };

export interface ByPart {
  readonly own: Readonly<Record<string, unknown>>;
  readonly nested: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** Values under names without `__`, and those for each part. */
export function byPart(given: Readonly<Record<string, unknown>>): ByPart {
  const own: [string, unknown][] = [];
  const nested = new Map<string, [string, unknown][]>();
  for (const [name, value] of Object.entries(given)) {
    const at = name.indexOf("__");
    if (at < 0) {
      own.push([name, value]);
      continue;
    }
    const part = name.slice(0, at);
    nested.set(part, [...(nested.get(part) ?? []), [name.slice(at + 2), value]]);
  }
  return {
    own: Object.fromEntries(own),
    nested: new Map([...nested].map(([part, entries]) => [part, Object.fromEntries(entries)])),
  };
}

/** A list or record anew, with `map` put upon everything in it that is neither; anything else is mapped itself. */
export function mapped(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => mapped(v, map));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mapped(v, map)]));
  return map(value);
}

/** An object of no class. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** What has a state of its own, as a random stream has, offers a copy of it. */
export const isCopyable = (value: unknown): value is { copy(): unknown } =>
  typeof value === "object" && value !== null && "copy" in value && typeof value.copy === "function";
