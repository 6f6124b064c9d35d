// What inequalities say of the atoms in them.
import { constantOf, type Size } from "../../compiler/size.js";
import { splitBy } from "./atoms.js";

/** What an inequality `factor * atom + rest >= 0` says of an atom. */
export interface Bound {
  readonly factor: number;
  readonly rest: Size;
}

/** `size >= 0`. Many proofs ask what it says of one atom. */
export class Inequality {
  private readonly bounds = new Map<string, Bound | undefined>();

  constructor(
    readonly size: Size,
    /** Whether it speaks of what may change. */
    readonly transient: boolean,
  ) {}

  /** Where the atom stands in it times a constant. */
  boundOf(key: string): Bound | undefined {
    if (this.bounds.has(key)) return this.bounds.get(key);
    const { factor, rest } = splitBy(this.size, key);
    const c = constantOf(factor);
    const bound = c === undefined || c === 0 ? undefined : { factor: c, rest };
    this.bounds.set(key, bound);
    return bound;
  }
}

/** The inequalities that hold at a place, by the atoms that they bound: many proofs ask at one place, each many times. */
export class Known {
  private bounds: Map<string, readonly Bound[]> | undefined;
  private proofs: Map<string, boolean> | undefined;

  constructor(readonly inequalities: readonly Inequality[]) {}

  /** Those in which the atom stands times a constant. */
  boundsOf(key: string): readonly Bound[] {
    this.bounds ??= new Map();
    const old = this.bounds.get(key);
    if (old) return old;
    const made = boundsIn(this.inequalities, key);
    this.bounds.set(key, made);
    return made;
  }

  /** What has been proven here, and what could not be. */
  get answers(): Map<string, boolean> {
    this.proofs ??= new Map();
    return this.proofs;
  }
}

export function boundsIn(list: readonly Inequality[], key: string): readonly Bound[] {
  const bounds: Bound[] = [];
  for (const i of list) {
    const bound = i.boundOf(key);
    if (bound) bounds.push(bound);
  }
  return bounds;
}

export const isNotBelowZero = ({ factor, rest }: Bound): boolean => {
  const c = constantOf(rest);
  return factor === 1 && c !== undefined && c <= 0;
};
