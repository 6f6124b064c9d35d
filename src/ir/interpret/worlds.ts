// Control that hangs on an undecided value: the target may go either way. Each way is run, and what they leave behind is joined, so that the
// bound of a result takes in both.
import type { Block, Local } from "../../compiler/typed.js";
import { copyValue, joinData, poison, type Value } from "./data.js";
import { Failure, type Frame, Unknown } from "./frame.js";

/** Runs one of several ways. Where it fails, the target may fail, and this way leaves nothing behind. */
export function attempt<T>(frame: Frame, way: () => T): T | undefined {
  try {
    return way();
  } catch (e) {
    if (!(e instanceof Failure) && !(e instanceof Unknown)) throw e;
    frame.run.mayFail = true;
    return undefined;
  }
}

/** Every name from outside that statements of `block` may assign to. */
export function assignedIn(block: Block, found = new Set<Local>()): ReadonlySet<Local> {
  for (const s of block) {
    switch (s.kind) {
      case "assign":
      case "each":
        found.add(s.place.root);
        break;
      case "for":
      case "loop":
        assignedIn(s.body, found);
        break;
      case "if":
        assignedIn(s.then, found);
        assignedIn(s.otherwise, found);
        break;
      default:
    }
  }
  return found;
}

/** What some names hold at one moment. */
export type Snapshot = ReadonlyMap<Local, Value>;

/** Names that are not made yet are left out: they belong to the block. */
export function snapshot(frame: Frame, names: Iterable<Local>): Snapshot {
  const held = new Map<Local, Value>();
  for (const name of names) {
    const value = frame.find(name.id);
    if (value) held.set(name, copyValue(value));
  }
  return held;
}

export function restore(frame: Frame, state: Snapshot): void {
  for (const [name, value] of state) frame.assign(name, copyValue(value));
}

/** One of two states, and it is not known which. */
export function joinStates(a: Snapshot, b: Snapshot): Snapshot {
  const joined = new Map<Local, Value>();
  for (const [name, value] of a) {
    const other = b.get(name);
    if (!other || value.kind === "function" || other.kind === "function" || name.type.kind === "function")
      joined.set(name, value);
    else joined.set(name, joinData(name.type, value, other));
  }
  return joined;
}

/** Nothing is known any more of what these names hold. */
export function poisonNames(frame: Frame, names: Iterable<Local>): void {
  for (const name of names) {
    const value = frame.find(name.id);
    if (value) frame.assign(name, poison(value));
  }
}
