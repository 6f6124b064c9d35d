// Where the compiler and the runtime are broken on purpose, and what must notice. `before` stands exactly once in `file`.

export interface Mutation {
  readonly what: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** The arguments of `npx vitest run`, or a campaign of generated programs. */
  readonly red: { readonly vitest: string } | { readonly generated: number; readonly device: "cpu" | "webgpu" };
}

const cpu = { generated: 60, device: "cpu" } as const;
const webgpu = { generated: 60, device: "webgpu" } as const;
const gpuPrograms = { vitest: "tests/webgpu" };
const scalar = { vitest: "src/ir/schedule/scalar" };
const wasm = { vitest: "src/codegen/wasm" };

export const mutations: readonly Mutation[] = [
  // Passes.
  {
    what: "copy before overwriting",
    file: "src/ir/alias.ts",
    before: "if (!isOwn(e, y, nest, here) && !isApart(e.index, elsewhere, here)) {",
    after: "if (isOwn(e, y, nest, here) && !isApart(e.index, elsewhere, here)) {",
    red: { vitest: "src/ir/alias.test.ts" },
  },
  {
    what: "alias test: even against odd",
    file: "src/ir/alias.ts",
    before: "divisor === 0 ? constant !== 0 : constant % divisor !== 0",
    after: "divisor === 0 ? constant !== 0 : constant % divisor === 0",
    red: { vitest: "src/ir/alias.test.ts" },
  },
  {
    what: "alias test: equal subscripts",
    file: "src/ir/alias.ts",
    before: 'return same && (nest.mode === "assign" || straight());',
    after: 'return (same || nest.mode === "assign") && (nest.mode === "assign" || straight());',
    red: { vitest: "src/ir/alias.test.ts src/ir/passes" },
  },
  {
    what: "second buffer left out",
    file: "src/ir/passes/second-buffer.ts",
    before: "return old ? { ...e, array: old } : e;",
    after: "return e;",
    red: { vitest: "src/ir/passes" },
  },
  {
    what: "fused read from the wrong place",
    file: "src/ir/passes/fuse.ts",
    before: "const vars = new Map(p.axes.map((a, d) => [a.var.id, index[d] ?? varExpr(a.var)]));\n  return copyExpr",
    after:
      "const vars = new Map(p.axes.map((a, d) => [a.var.id, index[index.length - 1 - d] ?? varExpr(a.var)]));\n  return copyExpr",
    red: { vitest: "src/ir/passes" },
  },
  {
    what: "fusion past a write",
    file: "src/ir/passes/fuse.ts",
    before: "if (disturbs(effects, p.effects)) disturbed = true;",
    after: "",
    red: { vitest: "src/ir/passes" },
  },
  {
    what: "merge: a read of another row's sum",
    file: "src/ir/passes/merge.ts",
    before: "if (!reads.every(isOwn)) return undefined;",
    after: "",
    red: { vitest: "src/ir/passes src/ir/schedule/columns.test.ts" },
  },
  {
    what: "merge: past a write",
    file: "src/ir/passes/merge.ts",
    before: "between.every((b) => commute(effectsOfStmt(b), effectsOfStmt(s)))",
    after: "between.length >= 0 && s.kind === s.kind",
    red: { vitest: "src/ir/passes src/ir/schedule/columns.test.ts" },
  },
  // Schedules of the CPU.
  {
    what: "columns: what is shared is read whatever a condition says",
    file: "src/ir/schedule/shared.ts",
    before: "!e.checks?.some((c) => c !== null) && runsOver(e, axes)",
    after: "!e.checks?.some((c) => c !== null)",
    red: { vitest: "src/ir/schedule/columns.test.ts" },
  },
  {
    what: "columns: the rest of a padded loop is left out",
    file: "src/ir/vectorise/index.ts",
    before: "addInt(count, int(lanes - 1))",
    after: "count",
    red: { vitest: "src/ir/schedule/columns.test.ts" },
  },
  {
    what: "lanes: what one side reads is read for all",
    file: "src/ir/vectorise/reads.ts",
    before: "visit(x.condition);\n      return;",
    after: "visit(x.condition);",
    red: { vitest: "src/ir/vectorise" },
  },
  {
    what: "lanes: a read of a place that has changed",
    file: "src/ir/vectorise/reads.ts",
    before: "e.var.mutable ? undefined : ",
    after: "",
    red: { vitest: "src/ir/vectorise" },
  },
  {
    what: "names: known where they are out of scope",
    file: "src/ir/names.ts",
    before: "for (const key of own) this.known.delete(key);",
    after: "",
    red: { vitest: "src/ir/names.test.ts" },
  },
  {
    what: "names: of what may change",
    file: "src/ir/names.ts",
    before: "return !e.var.mutable;",
    after: "return true;",
    red: { vitest: "src/ir/names.test.ts" },
  },
  {
    what: "a reduction's identity",
    file: "src/ir/vectorise/accumulator.ts",
    before: '    case "mul":\n    case "and":\n      return [1];',
    after: '    case "mul":\n    case "and":\n      return [0];',
    red: cpu,
  },
  {
    what: "argmin: first of equals, in a loop",
    file: "src/ir/schedule/scalar/reduce.ts",
    before: 'compare(reducer === "argmin" ? "lt" : "gt", value, read(best))',
    after: 'compare(reducer === "argmin" ? "le" : "ge", value, read(best))',
    red: scalar,
  },
  {
    what: "argmin: first of equals, over lanes",
    file: "src/ir/vectorise/accumulator.ts",
    before: 'op("lt", index, read(place)));',
    after: 'op("gt", index, read(place)));',
    red: cpu,
  },
  {
    what: "lanes of an extremum: some are left out",
    file: "src/codegen/wasm/vector.ts",
    before: "((Math.floor(k / bytes) + by) % lanes) * bytes",
    after: "((Math.floor(k / bytes) + 1) % lanes) * bytes",
    red: { vitest: "tests/language/programs.test.ts" },
  },
  {
    what: "lanes of an extremum: vectors that are full do not count",
    file: "src/ir/vectorise/index.ts",
    before: 'const isFilled = operation("lt", scalarType("bool"), lo, end);',
    after: 'const isFilled = operation("lt", scalarType("bool"), end, lo);',
    red: cpu,
  },
  {
    what: "products: rows past the last are read",
    file: "src/ir/schedule/cpu/panels.ts",
    before: "minimum(add(first, int(r)), last)",
    after: "add(first, int(r))",
    red: { vitest: "src/ir/schedule/contraction.test.ts" },
  },
  {
    what: "cascade: what is flushed counts again",
    file: "src/ir/schedule/scalar/cascade.ts",
    before: "  assign(region, from, c.identity);\n",
    after: "",
    red: scalar,
  },
  {
    what: "cascade: the last block's end",
    file: "src/ir/schedule/scalar/cascade.ts",
    before: "add(start, minimum(int(size), sub(hi, start)))",
    after: "add(start, int(size))",
    red: scalar,
  },
  {
    what: "lanes: a store without its mask",
    file: "src/ir/vectorise/statement.ts",
    before: "value: values[k] as LoopExpr,\n        ...(mask ? { mask } : {}),",
    after: "value: values[k] as LoopExpr,",
    red: cpu,
  },
  {
    what: "lanes: an assignment without its mask",
    file: "src/ir/vectorise/statement.ts",
    before: 'value: mask ? operation("select", own.type, mask, next, read(own)) : next,',
    after: "value: next,",
    red: cpu,
  },
  {
    what: "lanes: a failure outside of its branch",
    file: "src/ir/vectorise/statement.ts",
    before: 'mask ? operation("and", broken.type, mask, broken) : broken',
    after: "broken",
    red: { vitest: "src/ir/vectorise src/ir/schedule/random.test.ts" },
  },
  {
    what: "lanes: two of four summed",
    file: "src/ir/vectorise/accumulator.ts",
    before: "pair(pair(lane(0), lane(1)), pair(lane(2), lane(3)))",
    after: "pair(lane(0), lane(1))",
    red: cpu,
  },
  {
    what: "prefix scan one element late",
    file: "src/ir/scan.ts",
    before: 'return { along, reduce, direction: "up", start: k.lo, offset: up };',
    after: 'return { along, reduce, direction: "up", start: k.lo, offset: subtractSizes(up, up) };',
    red: { vitest: "src/ir/schedule/scan.test.ts" },
  },
  {
    what: "threads: the last chunk's end",
    file: "src/ir/schedule/cpu/parallel.ts",
    before: "minimum(add(start, chunks.length), hi)",
    after: "add(start, chunks.length)",
    red: cpu,
  },
  // WASM.
  {
    what: "floor division of negatives",
    file: "src/codegen/wasm/scalar.ts",
    before: "i32.sub(i32.div_s(a(), b()), m.select(r(), uneven(), i32.const(0))),",
    after: "i32.div_s(a(), b()),",
    red: wasm,
  },
  {
    what: "arithmetic shift of u32",
    file: "src/codegen/wasm/scalar.ts",
    before: "return signed ? i32.shr_s(x, y) : i32.shr_u(x, y);",
    after: "return i32.shr_s(x, y);",
    red: wasm,
  },
  {
    what: "least of u32 as of i32",
    file: "src/codegen/wasm/scalar.ts",
    before: 'm.i32[signed ? "lt_s" : "lt_u"](low.again(), high.again())',
    after: "m.i32.lt_s(low.again(), high.again())",
    red: wasm,
  },
  {
    what: "saturating conversion to u32",
    file: "src/codegen/wasm/scalar.ts",
    before: "i32.trunc_u_sat[from](x) : x",
    after: "i32.trunc_s_sat[from](x) : x",
    red: wasm,
  },
  {
    what: "scratch is handed out twice",
    file: "src/codegen/wasm/support.ts",
    before: "i32.add(scratch(), i32.trunc_u_sat.f64(wanted())),",
    after: "scratch(),",
    red: cpu,
  },
  {
    what: "estimate: of a size that is negative",
    file: "src/codegen/wasm/estimate.ts",
    before: "[...sizes, ...body,",
    after: "[...body,",
    red: wasm,
  },
  {
    what: "a local is given away too early",
    file: "src/codegen/wasm/life.ts",
    before: "for (const inner of blocksOf(s)) visit(inner);",
    after: "",
    red: wasm,
  },
  {
    what: "fork: another kernel's body of the same name",
    file: "src/codegen/wasm/context.ts",
    before: "this.names++",
    after: "0 * this.names++",
    red: wasm,
  },
  {
    what: "the later of two failures is told",
    file: "src/codegen/wasm/support.ts",
    before: "i32.lt_u(check(), noted()),",
    after: "i32.gt_u(check(), noted()),",
    red: cpu,
  },
  {
    what: "fork: a turn is claimed twice",
    file: "src/codegen/wasm/support.ts",
    before: "i32.atomic.rmw.add(TEAM.next, team(m), i32.const(1))",
    after: "i32.atomic.rmw.add(TEAM.next, team(m), i32.const(2))",
    red: cpu,
  },
  {
    what: "fork: all threads share one scratch",
    file: "src/codegen/wasm/support.ts",
    before: "i32.mul(i32Local(m, slot), cell(TEAM.part))",
    after: "i32.mul(i32.const(0), cell(TEAM.part))",
    red: cpu,
  },
  // The runtime.
  {
    what: "memory import stays shared",
    file: "src/runtime/cpu/module.ts",
    before: "patched[at] = (patched[at] ?? 0) & ~2;",
    after: "patched[at] = patched[at] ?? 0;",
    red: { vitest: "src/codegen/wasm src/runtime tests/browser" },
  },
  {
    what: "results are not freed after a failure",
    file: "src/runtime/cpu/device.ts",
    before: "for (const r of results) r.release();\n      throw error;",
    after: "throw error;",
    red: cpu,
  },
  {
    what: "host crossing: bytes of another array",
    file: "src/runtime/webgpu/crossing.ts",
    before: "call.arrays.map((",
    after: "[...call.arrays].reverse().map((",
    red: webgpu,
  },
  // The GPU.
  {
    what: "arrays of each invocation lie on each other",
    file: "src/ir/schedule-gpu/kernel.ts",
    before: "hostMul(groups, shape.workgroup)",
    after: "0",
    red: { vitest: "tests/webgpu/programs.test.ts" },
  },
  {
    what: "tiles: a dropped barrier",
    file: "src/ir/schedule-gpu/tiles.ts",
    before:
      'fill(right, TILE_COLUMNS, column, column0, columns);\n      step.out.push({ kind: "barrier", memory: "workgroup" });',
    after: "fill(right, TILE_COLUMNS, column, column0, columns);",
    red: gpuPrograms,
  },
  {
    what: "tiles: an edge mask",
    file: "src/ir/schedule-gpu/tiles.ts",
    before: 'branch(each, and(compare("lt", r, rows), compare("lt", q, columns)), (result) => {',
    after: 'branch(each, compare("lt", r, rows), (result) => {',
    red: gpuPrograms,
  },
  {
    what: "tiles: what lies outside is staged",
    file: "src/ir/schedule-gpu/tiles.ts",
    before: 'and(compare("lt", at, f.count), compare("lt", kAt, f.end))',
    after: 'compare("lt", at, f.count)',
    red: gpuPrograms,
  },
  {
    what: "scan on the GPU: what came before",
    file: "src/ir/schedule-gpu/scan.ts",
    before: 'branch(turn, compare("lt", int(0), builtin("invocation")), (own) =>',
    after: 'branch(turn, compare("lt", int(1), builtin("invocation")), (own) =>',
    red: { vitest: "tests/webgpu/programs.test.ts" },
  },
  {
    what: "WGSL: floor division of negatives",
    file: "src/codegen/wgsl/helpers.ts",
    before: "return select(q, q - 1, (a % b != 0) && ((a < 0) != (b < 0)));",
    after: "return q;",
    red: gpuPrograms,
  },
  {
    what: "WGSL: the shift's count",
    file: "src/codegen/wgsl/operations.ts",
    before: 'op === "shiftLeft" ? "<<" : ">>"',
    after: 'op === "shiftLeft" ? ">>" : "<<"',
    red: gpuPrograms,
  },
  {
    what: "WGSL: saturating conversion",
    file: "src/codegen/wgsl/helpers.ts",
    before: "if (isNan(x) || (x <= 0f)) { return 0u; }",
    after: "if (x <= -1f) { return 1u; }",
    red: gpuPrograms,
  },
  {
    what: "WGSL: which failure is told",
    file: "src/codegen/wgsl/helpers.ts",
    before: "let rank = ~u32(point);",
    after: "let rank = u32(point) + 1u;",
    red: gpuPrograms,
  },
  {
    what: "WGSL: opaque to the compiler",
    file: "src/codegen/wgsl/helpers.ts",
    before: "return bitcast<f32>(bitcast<u32>(x) ^ frame.zero);\n}`,\n  opaqueI",
    after: "return x;\n}`,\n  opaqueI",
    red: { vitest: "tests/webgpu/text.test.ts" },
  },
  {
    what: "WGSL: steps that are done run on",
    file: "src/codegen/wgsl/kernel.ts",
    before: "== 0u) { return; }",
    after: "== 9u) { return; }",
    red: { vitest: "tests/webgpu/programs.test.ts" },
  },
];
