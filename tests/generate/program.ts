// Random programs that the checker accepts: a function with parameters of many kinds, statements that build on each other, and a record of
// what they made. `generate(seed)` gives the same program, arguments included, everywhere.
import type { HostValue } from "../../src/ir/interpret/value.js";
import { type Parameter, parameters, type Sizes } from "./arguments.js";
import * as change from "./assignments.js";
import { columnStatistics } from "./columns.js";
import { failing, passing } from "./failures.js";
import type { Feature } from "./features.js";
import * as functions from "./functions.js";
import { makeRandom, type Random } from "./random.js";
import { type Draft, type Scope, type Variable, withVariables } from "./scope.js";
import { sizePairs } from "./sizes.js";
import type { Maker } from "./statements.js";
import * as define from "./statements.js";

export interface Case {
  readonly sizes: Sizes;
  readonly args: readonly HostValue[];
}

export interface GeneratedProgram {
  readonly seed: number;
  /** By name: `main.fold`, and `lib.fold` where it imports one. */
  readonly files: { readonly [name: string]: string };
  readonly fn: string;
  readonly cases: readonly Case[];
  readonly features: ReadonlySet<Feature>;
}

const weighted: readonly (readonly [number, Maker])[] = [
  [3, define.letScalar],
  [6, define.letEquation],
  [2, define.letOwnAxes],
  [3, define.letWhole],
  [1, define.letGram],
  [1, define.letComparison],
  [1, define.letList],
  [2, define.letScan],
  [2, define.letContraction],
  [2, define.letDot],
  [2, define.letRandom],
  [2, define.localSize],
  [1, define.castShape],
  [2, define.varEquation],
  [1, define.manyArrays],
  [2, change.varScalar],
  [2, change.varCopy],
  [1, change.varRecord],
  [3, change.assignName],
  [2, change.assignField],
  [3, change.assignElement],
  [3, change.assignSlice],
  [7, change.each],
  [2, change.eachSlice],
  [4, change.scatter],
  [6, change.forLoop],
  [3, change.forTriangle],
  [4, change.loopUntil],
  [4, change.branch],
  [1, change.unpack],
  [1, columnStatistics],
  [1, functions.callScalar],
  [2, functions.callRows],
  [2, functions.higherOrder],
  [1, functions.hostCall],
  [2, functions.wideCall],
  [3, functions.recordCall],
  [1, functions.standardLibrary],
  [1, passing],
];
const makers: readonly Maker[] = weighted.flatMap(([weight, maker]) => Array.from({ length: weight }, () => maker));

const changeable: readonly Maker[] = [change.varCopy, change.varCopy, define.varEquation, change.varScalar];

function chooseParameters(r: Random): readonly Parameter[] {
  const first = r.pick(["X", "X", "T"]);
  const rest = r.shuffle(Object.keys(parameters).filter((name) => name !== first)).slice(0, r.whole(3, 8));
  return [first, ...rest].flatMap((name) => parameters[name] ?? []);
}

export function generate(seed: number): GeneratedProgram {
  const random = makeRandom(seed);
  const params = chooseParameters(random);
  const d: Draft = {
    random,
    features: new Set(),
    imports: new Map(),
    functions: new Map(),
    library: new Map(),
    sizes: ["n", "m"],
    loops: [],
    work: [],
    fails: false,
    names: 0,
  };
  let scope: Scope = { variables: params.flatMap((p) => p.variables), bounds: [] };
  const lines: string[] = [];
  const made: Variable[] = [];
  const add = (maker: Maker): boolean => {
    const statement = maker(d, scope);
    if (!statement) return false;
    lines.push(...statement.lines);
    made.push(...statement.adds);
    scope = withVariables(scope, ...statement.adds);
    return true;
  };
  /** Some makers find nothing to work on: then another has its turn. */
  const addAny = (from: readonly Maker[]): void => {
    for (let turn = 0; turn < 6; turn++) if (add(random.pick(from))) return;
  };
  // Something to change, for the many statements that do.
  for (let k = random.whole(0, 3); k > 0; k--) addAny(changeable);
  const count = random.whole(4, 11);
  const failAt = random.chance(0.2) ? random.whole(0, count) : -1;
  for (let k = 0; k < count; k++) {
    addAny(makers);
    if (k >= failAt && failAt >= 0) add(failing);
  }
  if (made.length === 0) add(define.letScalar);
  const results = chooseResults(random, made);
  const features = d.features;
  return {
    seed,
    files: filesOf(d, params, lines, results),
    fn: "run",
    cases: casesOf(random, d, params, seed),
    features,
  };
}

/** As many as fit a kernel's interface; what is changed in place first. */
function chooseResults(r: Random, made: readonly Variable[]): readonly Variable[] {
  const order = [...r.shuffle(made.filter((v) => v.mutable)), ...r.shuffle(made.filter((v) => !v.mutable))];
  return order.slice(0, 8);
}

function filesOf(
  d: Draft,
  params: readonly Parameter[],
  lines: readonly string[],
  results: readonly Variable[],
): GeneratedProgram["files"] {
  const type = (v: Variable): string => (v.dims.length === 0 ? v.element : `${v.element}[${v.dims.join(", ")}]`);
  const imports = [...d.imports].map(([module, names]) => `import { ${[...names].join(", ")} } from "${module}"`);
  const main = [
    ...imports,
    ...d.functions.values(),
    [
      `export fn run(${params.map((p) => `${p.name}: ${p.type}`).join(", ")}) -> { ${results.map((v, k) => `o${k}: ${type(v)}`).join(", ")} } {`,
      ...lines.map((l) => `  ${l}`),
      `  return { ${results.map((v, k) => `o${k}: ${v.name}`).join(", ")} }`,
      "}",
    ].join("\n"),
  ].join("\n\n");
  return {
    "main.fold": `${main}\n`,
    ...(d.library.size > 0 ? { "lib.fold": `${[...d.library.values()].join("\n\n")}\n` } : {}),
  };
}

/** The most points that one run may take. */
const MOST_WORK = 60_000;

function casesOf(r: Random, d: Draft, params: readonly Parameter[], seed: number): readonly Case[] {
  const cost = (sizes: Sizes): number =>
    d.work.reduce(
      (total, dims) => total + dims.reduce((product, dim) => product * (sizes[dim] ?? (Number(dim) || 130)), 1),
      0,
    );
  return sizePairs(seed, cost, MOST_WORK).map((sizes) => ({ sizes, args: params.map((p) => p.make(r, sizes)) }));
}
