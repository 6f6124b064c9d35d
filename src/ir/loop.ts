// Loop IR: loops, loads and stores over flat buffers, with vector lanes and barriers; the same for both targets. Codegen prints it as
// WASM or WGSL without deciding anything.
import type { Span } from "../compiler/diagnostic.js";
import type { Op, Scalar } from "./nest.js";

/**
 * `lanes` is 1, or the width of the vector mode: 4 where all that is in it has 32 bits, 2 where something has 64 (then 32-bit values
 * stand in the two low lanes). WGSL has lanes 1 only, but for `load`/`store` of vec4.
 */
export interface LoopType {
  readonly scalar: Scalar;
  readonly lanes: 1 | 2 | 4;
}

export interface LoopVar {
  readonly id: number;
  readonly name: string;
  readonly type: LoopType;
  readonly mutable: boolean;
  /** A size: not negative where the kernel's checks have held, which helps addressing. */
  readonly nonNegative?: true;
}

/**
 * Memory with elements of one type. `param` and `result` are handed in by the caller; `scratch` is made by `alloc`; `register` is a small
 * array of constant length in registers or private memory; `shared` is workgroup memory (WGSL).
 */
export interface Buffer {
  readonly id: number;
  readonly name: string;
  readonly scalar: Scalar;
  readonly space: "param" | "result" | "scratch" | "register" | "shared";
  /** In elements; a number for `register` and `shared`. */
  readonly length?: number;
}

export type LoopExpr = { readonly type: LoopType } & (
  | { readonly kind: "const"; readonly value: number }
  | { readonly kind: "var"; readonly var: LoopVar }
  /** `lanes` consecutive elements from `index` (an i32, one lane). Lanes outside `mask` are not read; what they hold is not said. */
  | { readonly kind: "load"; readonly buffer: Buffer; readonly index: LoopExpr; readonly mask?: LoopExpr }
  /** Each lane its own index. */
  | { readonly kind: "gather"; readonly buffer: Buffer; readonly index: LoopExpr; readonly mask?: LoopExpr }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly LoopExpr[] }
  | { readonly kind: "convert"; readonly value: LoopExpr }
  | { readonly kind: "splat"; readonly value: LoopExpr }
  /** 0, 1, 2, 3 in an i32 vector. */
  | { readonly kind: "ramp" }
  | { readonly kind: "extract"; readonly value: LoopExpr; readonly lane: number }
  /** Lane `k` of the result is lane `k + by` of the vector, round about. */
  | { readonly kind: "rotate"; readonly value: LoopExpr; readonly by: number }
  /** One lane: the other side is not computed. */
  | { readonly kind: "if"; readonly condition: LoopExpr; readonly then: LoopExpr; readonly otherwise: LoopExpr }
  /** Of a bool vector. */
  | { readonly kind: "anyLane"; readonly value: LoopExpr }
  /** Where the thread is (WGSL): the workgroup's and the invocation's index, and the number of workgroups. */
  | { readonly kind: "builtin"; readonly name: "workgroup" | "invocation" | "workgroups" }
);

export type LoopBlock = readonly LoopStmt[];

/** A buffer from an element on, as a function that is called gets it. */
export interface Handed {
  readonly buffer: Buffer;
  readonly offset: LoopExpr;
}

export type LoopStmt = { readonly at?: Span } & (
  | { readonly kind: "let"; readonly var: LoopVar; readonly value: LoopExpr }
  | { readonly kind: "set"; readonly var: LoopVar; readonly value: LoopExpr }
  | {
      readonly kind: "store";
      readonly buffer: Buffer;
      readonly index: LoopExpr;
      readonly value: LoopExpr;
      readonly mask?: LoopExpr;
    }
  /** Each lane its own index; of two lanes with one index the higher wins. */
  | {
      readonly kind: "scatter";
      readonly buffer: Buffer;
      readonly index: LoopExpr;
      readonly value: LoopExpr;
      readonly mask?: LoopExpr;
    }
  /**
   * `step` is a positive constant. `vector` asks the vectoriser to put the turns of the loop in lanes; where it is "padded", turns past the
   * last one do no harm, up to a multiple of four.
   */
  | {
      readonly kind: "for";
      readonly var: LoopVar;
      readonly lo: LoopExpr;
      readonly hi: LoopExpr;
      readonly step: number;
      readonly body: LoopBlock;
      readonly vector?: boolean | "padded";
    }
  /** Turns may run side by side, on as many threads as there are: WASM outlines the body and forks. Nothing in it may depend on another turn. */
  | { readonly kind: "parallel"; readonly var: LoopVar; readonly count: LoopExpr; readonly body: LoopBlock }
  | { readonly kind: "while"; readonly condition: LoopExpr; readonly body: LoopBlock }
  | { readonly kind: "if"; readonly condition: LoopExpr; readonly then: LoopBlock; readonly otherwise: LoopBlock }
  /** Scratch for the rest of the enclosing block, in elements; contents are undefined. Where it does not fit, the kernel asks for more and stops. */
  | { readonly kind: "alloc"; readonly buffer: Buffer; readonly length: LoopExpr }
  /**
   * Notes the failure of check `check` at point `point` (its order in its nest; 0 outside) with up to four values, where none is noted that
   * comes before it: the smallest (check, point) stands. Goes on: what follows must be harmless, so accesses are clamped.
   */
  | {
      readonly kind: "fail";
      readonly condition: LoopExpr;
      readonly check: number;
      readonly point: LoopExpr;
      readonly values: readonly LoopExpr[];
    }
  /**
   * Runs another function of the module, which reads what is `given` and writes what is `made`, from these elements on. Where it fails the caller
   * stops, and its checks count on from `checks`. WASM only, and not inside `parallel`.
   */
  | {
      readonly kind: "call";
      readonly function: string;
      readonly scalars: readonly LoopExpr[];
      readonly given: readonly Handed[];
      readonly made: readonly Handed[];
      readonly checks: number;
    }
  /** Leaves the kernel where a failure is noted. Not inside `parallel`. */
  | { readonly kind: "stopIfFailed" }
  /** All invocations of the workgroup meet (WGSL). */
  | { readonly kind: "barrier"; readonly memory: "workgroup" | "storage" }
);

/**
 * A whole kernel (WASM), or one dispatch of a plan (WGSL). Scalars that are handed in are immutable `LoopVar`s with one lane.
 * Scalar results are stored to `result` buffers of length 1.
 */
export interface LoopFunction {
  readonly name: string;
  readonly scalars: readonly LoopVar[];
  readonly buffers: readonly Buffer[];
  readonly body: LoopBlock;
}
