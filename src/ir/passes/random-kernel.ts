// Random kernels as text, for the property tests of the passes: nests that read each other's arrays straight, turned around, shifted under
// a condition and through checked subscripts, with loops, branches, assignments in place, and checks that sometimes fail.

/** Picks one of `count` possibilities. */
export type Choose = (count: number) => number;

interface Named {
  readonly name: string;
  readonly rank: 1 | 2;
  readonly mutable: boolean;
}

/** What a statement may use: arrays and scalars by name, and iterators that run over 0..n. */
interface Known {
  readonly arrays: readonly Named[];
  readonly scalars: readonly { readonly name: string; readonly mutable: boolean }[];
  readonly iterators: readonly string[];
}

const head = `kernel "random" real f32 wide f64 {
  size n
  scalar a: f32
  param x: f32[n]
  param A: f32[n, n]
  param g: i32[n]
  check index "x"
  check index "A"
  check require "too large"
  body {
`;

export function randomKernel(choose: Choose): string {
  const g = new Generator(choose);
  const params: Known = {
    arrays: [
      { name: "x", rank: 1, mutable: false },
      { name: "A", rank: 2, mutable: false },
    ],
    scalars: [{ name: "a", mutable: false }],
    iterators: [],
  };
  const { lines, known } = g.statements(params, 3 + choose(6), 2);
  const results = known.arrays
    .slice(2)
    .filter(() => choose(4) > 0)
    .map((r) => `result "${r.name}" = array ${r.name}`);
  const scalar = `result "s" = ${g.value(known, 1)}`;
  return `${head}${lines.join("\n")}\n  }\n  ${[scalar, ...results].join("\n  ")}\n}\n`;
}

class Generator {
  private next = 0;
  constructor(private readonly choose: Choose) {}

  private fresh = (letter: string): string => `${letter}${this.next++}`;
  private pick<T>(items: readonly T[]): T {
    const item = items[this.choose(items.length)];
    if (item === undefined) throw new Error("internal: nothing to pick from");
    return item;
  }

  /** Something of type f32. */
  value(k: Known, depth: number): string {
    const leaf = (): string => {
      const kind = this.choose(4);
      if (kind === 0) return this.pick(["1f", "0.5f", "-2f", "3f"]);
      if (kind === 1) return this.pick(k.scalars).name;
      if (kind === 2 && k.iterators.length > 0) return `f32(${this.pick(k.iterators)})`;
      return this.load(k);
    };
    if (depth <= 0) return leaf();
    const less = (): string => this.value(k, depth - 1);
    switch (this.choose(9)) {
      case 0:
      case 1:
        return `(${less()} ${this.pick(["+", "-", "*"])} ${less()})`;
      case 2:
        return `${this.pick(["sqrt", "exp", "abs"])}(${less()})`;
      case 3: {
        const i = this.fresh("k");
        const hi = this.choose(3) === 0 && k.iterators.length > 0 ? `${this.pick(k.iterators)} + 1` : "n";
        const where = this.choose(4) === 0 ? ` where ${i} != 1` : "";
        const reducer = this.pick(["sum", "max", "sum", "prod"]);
        return `${reducer}[${i} in 0..${hi}${where}](${this.value({ ...k, iterators: [...k.iterators, i] }, depth - 1)})`;
      }
      case 4:
        return `(if ${this.condition(k, depth - 1)} then ${less()} else ${less()})`;
      case 5: {
        const t = this.fresh("t");
        return `(do { let ${t}: f32 = ${less()} give ${t} * ${t} + ${less()} })`;
      }
      case 6:
        if (k.iterators.length > 0) {
          const i = this.pick(k.iterators);
          const from = this.pick(k.arrays.filter((r) => r.rank === 1));
          return `(if ${i} > 0 then ${from.name}[${i} - 1] else ${less()})`;
        }
        return leaf();
      default:
        return leaf();
    }
  }

  private condition(k: Known, depth: number): string {
    if (k.iterators.length > 1 && this.choose(2) === 0) return `${k.iterators[0]} <= ${k.iterators[1]}`;
    return `${this.value(k, depth)} < ${this.value(k, 0)}`;
  }

  private load(k: Known): string {
    if (k.iterators.length === 0) return this.pick(k.scalars).name;
    // What was made last is read most: that is what the passes join.
    const from = this.pick(this.choose(3) > 0 ? k.arrays.slice(-2) : k.arrays);
    const index = (): string => {
      const i = this.pick(k.iterators);
      const kind = this.choose(10);
      return kind === 0 ? `n - 1 - ${i}` : kind === 1 ? `g[${i}] ?${from.rank - 1}` : i;
    };
    return `${from.name}[${Array.from({ length: from.rank }, index).join(", ")}]`;
  }

  statements(k: Known, count: number, depth: number): { readonly lines: readonly string[]; readonly known: Known } {
    let known = k;
    const lines: string[] = [];
    for (let n = 0; n < count; n++) {
      const made = this.statement(known, depth);
      lines.push(...made.lines);
      known = made.known;
    }
    return { lines, known };
  }

  private statement(k: Known, depth: number): { readonly lines: readonly string[]; readonly known: Known } {
    const mutable = k.arrays.filter((r) => r.mutable);
    switch (this.choose(12)) {
      case 0:
        return this.scalar(k);
      case 1: {
        const vars = k.scalars.filter((s) => s.mutable);
        return vars.length ? { lines: [`${this.pick(vars).name} = ${this.value(k, 2)}`], known: k } : this.scalar(k);
      }
      case 2:
      case 3:
        return mutable.length > 0 ? this.assign(k, this.pick(mutable)) : this.define(k);
      case 4:
        if (depth > 0) {
          const t = this.fresh("t");
          const inner = this.statements({ ...k, iterators: [...k.iterators, t] }, 1 + this.choose(3), depth - 1);
          return { lines: [`for ${t} in 0..n {`, ...inner.lines, "}"], known: k };
        }
        return this.define(k);
      case 5:
        if (depth > 0) {
          const then = this.statements(k, 1 + this.choose(2), depth - 1).lines;
          const otherwise = this.statements(k, this.choose(2), depth - 1).lines;
          return { lines: [`if ${this.condition(k, 1)} {`, ...then, "} else {", ...otherwise, "}"], known: k };
        }
        return this.define(k);
      case 6:
        return { lines: [`require ${this.value(k, 1)} < 1e6f else ?2`], known: k };
      case 7:
        if (depth > 0) {
          const [t, turns] = [this.fresh("t"), this.fresh("turns")];
          const inner = this.statements(k, 1 + this.choose(2), 0);
          const until = this.condition(inner.known, 0);
          return { lines: [`loop ${t}, ${turns} < 3 {`, ...inner.lines, `} until ${until}`], known: k };
        }
        return this.define(k);
      default:
        return this.define(k);
    }
  }

  private scalar(k: Known): { readonly lines: readonly string[]; readonly known: Known } {
    const made = { name: this.fresh("s"), mutable: this.choose(2) === 0 };
    const line = `${made.mutable ? "var" : "let"} ${made.name}: f32 = ${this.value(k, 2)}`;
    return { lines: [line], known: { ...k, scalars: [...k.scalars, made] } };
  }

  private define(k: Known): { readonly lines: readonly string[]; readonly known: Known } {
    const rank = this.choose(2) === 0 ? 1 : 2;
    const made: Named = { name: this.fresh("y"), rank, mutable: this.choose(2) === 0 };
    const axes = Array.from({ length: rank }, () => this.fresh("i"));
    const inner = { ...k, iterators: [...k.iterators, ...axes] };
    const shape = axes.map(() => "n").join(", ");
    const place = `${made.mutable ? "var " : ""}${made.name}: f32[${shape}]`;
    const space = axes.map((i) => `${i} in 0..n`).join(", ");
    const known = { ...k, arrays: [...k.arrays, made] };
    if (this.choose(4) > 0) return { lines: [`define ${space}: ${place} = ${this.value(inner, 3)}`], known };
    // A point with statements of its own: an array and a loop over it.
    const [row, j, acc] = [this.fresh("r"), this.fresh("j"), this.fresh("s")];
    const own = { ...inner, arrays: [...inner.arrays, { name: row, rank: 1 as const, mutable: true }] };
    const j2 = this.fresh("j");
    return {
      lines: [
        `define ${space} {`,
        `define ${j} in 0..n: var ${row}: f32[n] = ${this.value({ ...inner, iterators: [...inner.iterators, j] }, 2)}`,
        `var ${acc}: f32 = ${this.value(own, 1)}`,
        `for ${j2} in 0..n {`,
        `${acc} = ${acc} * 0.5f + ${this.value({ ...own, iterators: [...own.iterators, j2] }, 1)}`,
        "}",
        `yield ${place} = ${acc}`,
        "}",
      ],
      known,
    };
  }

  /** In place: straight, turned around, a row by the iterators around it, or a triangle. */
  private assign(k: Known, to: Named): { readonly lines: readonly string[]; readonly known: Known } {
    const [i, j] = [this.fresh("i"), this.fresh("j")];
    const one = { ...k, iterators: [...k.iterators, i] };
    const line = (): string => {
      const also = (known: Known): string => {
        if (this.choose(3) === 0) return this.value(known, 2);
        const own = { ...known, arrays: [to] };
        return `${this.load(own)} + ${this.value(known, 1)}`;
      };
      if (to.rank === 1) {
        const where = this.choose(3) === 0 ? ` where ${this.condition(one, 0)}` : "";
        return `assign ${i} in 0..n${where}: ${to.name}[${this.pick([i, `n - 1 - ${i}`])}] = ${also(one)}`;
      }
      if (k.iterators.length > 0 && this.choose(2) === 0)
        return `assign ${i} in 0..n: ${to.name}[${this.pick(k.iterators)}, ${i}] = ${also(one)}`;
      const two = { ...k, iterators: [...k.iterators, i, j] };
      if (this.choose(3) === 0)
        return `assign ${i} in 0..n, ${j} in 0..${i}: ${to.name}[${i}, ${j}] = ${to.name}[${j}, ${i}]`;
      return `assign ${i} in 0..n, ${j} in 0..n: ${to.name}[${i}, ${j}] = ${also(two)}`;
    };
    return { lines: [line()], known: k };
  }
}
