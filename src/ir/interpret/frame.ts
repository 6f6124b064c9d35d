// Where names have their values, and how a run can fail.
import type { Span } from "../../compiler/diagnostic.js";
import { evaluateSize, type Size } from "../../compiler/size.js";
import type { Local, ScalarType } from "../../compiler/typed.js";
import type { Value } from "./data.js";
import type { Format } from "./format.js";

/**
 * A run-time error of the program. `site` says how early in program order its check stands: the ends of the calls around it, outermost
 * first, then its own end (operands end before their operator).
 */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
    readonly at: Span,
    readonly site: readonly number[] = [at.end],
    /** A number shown in the text carries a bound: a target may show another. */
    readonly inexact = false,
  ) {
    super(`${code}: ${text}`);
  }

  within(call: Span): Failure {
    return new Failure(this.code, this.text, this.at, [call.end, ...this.site], this.inexact);
  }
}

/** Nothing can be said of the whole result: a shape rests on an undecided value, or both sides of an undecided branch fail. */
export class Unknown extends Error {}

export const isEarlier = (a: readonly number[], b: readonly number[]): boolean => {
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    const [x = 0, y = 0] = [a[k], b[k]];
    if (x !== y) return x < y;
  }
  return false;
};

/** Of the failures of many points that run at once: the earliest in program order, at the lowest point. */
export class Points {
  private first: Failure | undefined;

  run(point: () => void): void {
    try {
      point();
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      if (!this.first || isEarlier(e.site, this.first.site)) this.first = e;
    }
  }

  end(): void {
    if (this.first) throw this.first;
  }
}

/** What an `expect` of a test came to. */
export interface Expectation {
  readonly at: Span;
  readonly passed: boolean;
  readonly problem?: string;
}

/** What all of one run shares. */
export interface Run {
  readonly formats: { readonly real: Format; readonly wide: Format };
  /** In a `host fn`, which runs on the CPU wherever it is called: `wide` is f64 there, and for the GPU `real` too. */
  readonly hostFormats: { readonly real: Format; readonly wide: Format };
  /** A failure hangs on an undecided value: the target may fail where the reference did not. */
  mayFail: boolean;
  readonly expectations: Expectation[];
}

/** The names of one call of a function, or of a lambda (whose `parent` is the frame that it was written in). */
export class Frame {
  private readonly values = new Map<number, Value>();

  constructor(
    readonly run: Run,
    /** `real` stands for `wide` here. */
    readonly realIsWide: boolean,
    readonly host: boolean,
    private readonly parent?: Frame,
  ) {}

  /** For a lambda's body: sees this frame's names. */
  child(): Frame {
    return new Frame(this.run, this.realIsWide, this.host, this);
  }

  format(s: ScalarType): Format {
    const formats = this.host ? this.run.hostFormats : this.run.formats;
    return s === "real" && !this.realIsWide ? formats.real : formats.wide;
  }

  set(local: Local, value: Value): void {
    this.values.set(local.id, value);
  }

  /** Changes a name where it was made. */
  assign(local: Local, value: Value): void {
    if (this.values.has(local.id) || !this.parent) this.values.set(local.id, value);
    else this.parent.assign(local, value);
  }

  find(id: number): Value | undefined {
    return this.values.get(id) ?? this.parent?.find(id);
  }

  get(local: Local): Value {
    const value = this.find(local.id);
    if (!value) throw new Error(`internal: ${local.name} has no value`);
    return value;
  }

  size(s: Size): number {
    return evaluateSize(s, (symbol) => {
      const value = this.find(symbol.id);
      if (value?.kind !== "scalar") throw new Error(`internal: the size ${symbol.name} has no value`);
      if (!(value.bound < Number.POSITIVE_INFINITY)) throw new Unknown(`the size ${symbol.name} is undecided`);
      return value.value;
    });
  }

  /** Gives up on the whole result. */
  unknown(why: string): never {
    throw new Unknown(why);
  }

  /** The sizes of an array type; a negative one is an error at `at`. */
  shape(sizes: readonly Size[], at: Span): readonly number[] {
    return sizes.map((s) => {
      const n = this.size(s);
      if (Number.isNaN(n)) throw new Failure("R05", "division by zero", at);
      if (n < 0) throw new Failure("R08", `a size is negative: ${n}`, at);
      return n;
    });
  }
}
