// Estimators that are lists of named estimators: their parameters are those of all of them, and each can be replaced by its name.
import { BifoldError } from "../src/runtime/errors.js";
import { type AnyEstimator, Estimator } from "./base.js";

/** An estimator under a name, or a word in its place. */
export type Named<W extends string = string> = readonly [name: string, step: AnyEstimator | W];

export abstract class Composition<P extends object, W extends string> extends Estimator<P> {
  /** The parameter that is the list. */
  protected abstract get listName(): string;
  /** What may stand in place of an estimator. */
  protected abstract get words(): readonly W[];

  /** The list as the parameters have it. */
  protected get list(): readonly Named<W>[] {
    return listOf<W>(this.getParams({ deep: false }), this.listName);
  }

  /** The estimators of the list, without words. */
  protected get estimators(): readonly (readonly [string, AnyEstimator])[] {
    return this.list.flatMap(([name, e]) => (e instanceof Estimator ? [[name, e] as const] : []));
  }

  override setParams(given: Partial<P> | Readonly<Record<string, unknown>>): this {
    return super.setParams(given as Partial<P>);
  }

  /** Frees the fitted arrays of all estimators in the list. */
  override dispose(): void {
    for (const [, e] of this.estimators) e.dispose();
    super.dispose();
  }

  protected override partsOf(params: Readonly<P>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(listOf(params, this.listName));
  }

  protected override merged(params: Readonly<P>, given: Readonly<Record<string, unknown>>): Readonly<P> {
    const replaced = Object.entries(given).filter(([name]) => !Object.hasOwn(params, name));
    const fixed = Object.entries(given).filter(([name]) => Object.hasOwn(params, name));
    const merged = super.merged(params, Object.fromEntries(fixed));
    const list = this.checkList(listOf<W>(merged, this.listName), Object.keys(params));
    const names = list.map(([name]) => name);
    const unknown = replaced.find(([name]) => !names.includes(name));
    if (unknown) return super.merged(params, Object.fromEntries([unknown]));
    const put = new Map(replaced.filter(([, step]) => step !== undefined));
    const changed = list.map(([name, step]): Named<W> => [name, (put.get(name) ?? step) as Named<W>[1]]);
    return { ...merged, [this.listName]: this.checkList(changed, Object.keys(params)) };
  }

  /** The parameters that `given` has for each estimator of the list. @throws {BifoldError} `parameter` for a name that is not `step__parameter` */
  protected byStep(
    given: Readonly<Record<string, unknown>>,
    what: string,
  ): ReadonlyMap<string, Record<string, unknown>> {
    const steps = new Map(this.list.map(([name]) => [name, {} as Record<string, unknown>]));
    for (const [name, value] of Object.entries(given)) {
      const at = name.indexOf("__");
      const step = steps.get(at < 0 ? "" : name.slice(0, at));
      if (!step)
        throw new BifoldError(
          "parameter",
          `${what}: ${name} belongs to none of ${[...steps.keys()].join(", ")}: say to which, as in \`{ ${[...steps.keys()].at(-1) ?? "step"}__sampleWeight: w }\``,
        );
      step[name.slice(at + 2)] = value;
    }
    return steps;
  }

  private checkList(list: readonly Named<W>[], taken: readonly string[]): readonly Named<W>[] {
    const refuse = (found: string) =>
      new BifoldError("parameter", `${this.name}: ${this.listName} must be pairs [name, estimator], found ${found}`);
    if (!Array.isArray(list)) throw refuse(typeof list);
    const seen = new Set<string>();
    for (const [k, pair] of list.entries()) {
      if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string")
        throw refuse(`no such pair at ${k}`);
      const [name, step]: Named = pair as unknown as Named;
      if (name === "" || name.includes("__"))
        throw refuse(`the name ${JSON.stringify(name)}, which is empty or has __`);
      if (seen.has(name)) throw refuse(`the name ${name} twice`);
      if (taken.includes(name)) throw refuse(`the name ${name}, which is a parameter of ${this.name}`);
      if (!(step instanceof Estimator) && !this.words.includes(step as W))
        throw refuse(`${describe(step)} under the name ${name} (words may be ${this.words.join(", ")})`);
      seen.add(name);
    }
    return list;
  }
}

const listOf = <W extends string>(params: object, name: string): readonly Named<W>[] =>
  (params as Readonly<Record<string, readonly Named<W>[]>>)[name] ?? [];

const describe = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : value === null ? "null" : `a value that is ${typeof value}`;

/** scikit-learn's names for estimators that have none: the class in small letters, numbered where it comes more than once. */
export function nameEach<S extends AnyEstimator | string>(steps: readonly S[]): [string, S][] {
  const names = steps.map((step) => (typeof step === "string" ? step : step.name.toLowerCase()));
  return steps.map((step, k) => {
    const name = names[k] ?? "";
    const alike = names.filter((other) => other === name).length;
    const before = names.slice(0, k + 1).filter((other) => other === name).length;
    return [alike > 1 ? `${name}-${before}` : name, step];
  });
}
