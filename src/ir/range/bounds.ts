// What inequalities say of the atoms in them.
import { constantOf, type Size } from "../../compiler/size.js";
import { splitBy } from "./atoms.js";

/** What an inequality `factor * atom + rest >= 0` says of an atom. */
export interface Bound {
  readonly factor: number;
  readonly rest: Size;
}

/** The inequalities that hold at a place, by the atoms that they bound: many proofs ask at one place, each many times. */
export class Known {
  private readonly bounds = new Map<string, readonly Bound[]>();

  constructor(private readonly list: readonly Size[]) {}

  /** Those in which the atom stands times a constant. */
  boundsOf(key: string): readonly Bound[] {
    const old = this.bounds.get(key);
    if (old) return old;
    const made = boundsIn(this.list, key);
    this.bounds.set(key, made);
    return made;
  }
}

export function boundsIn(list: readonly Size[], key: string): readonly Bound[] {
  const bounds: Bound[] = [];
  for (const s of list) {
    const { factor, rest } = splitBy(s, key);
    const c = constantOf(factor);
    if (c !== undefined && c !== 0) bounds.push({ factor: c, rest });
  }
  return bounds;
}

export const isNotBelowZero = ({ factor, rest }: Bound): boolean => {
  const c = constantOf(rest);
  return factor === 1 && c !== undefined && c <= 0;
};
