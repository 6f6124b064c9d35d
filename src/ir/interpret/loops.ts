// Statements with bodies: `for`, `loop`, `if`. Where an undecided value steers them, all ways are run and joined.
import type { Stmt } from "../../compiler/typed.js";
import { evaluateScalar } from "./expression.js";
import { isDecided, type Scalar, scalar } from "./format.js";
import type { Frame } from "./frame.js";
import { executeBlock } from "./statement.js";
import { assignedIn, attempt, joinStates, poisonNames, restore, type Snapshot, snapshot } from "./worlds.js";

export function executeFor(frame: Frame, s: Extract<Stmt, { kind: "for" }>): void {
  const lo = evaluateScalar(frame, s.lo);
  const hi = evaluateScalar(frame, s.hi);
  const turns = (): void => {
    for (let k = lo.value; k < hi.value; k++) {
      frame.set(s.local, scalar(k));
      executeBlock(frame, s.body);
    }
  };
  if (isDecided(lo) && isDecided(hi)) {
    turns();
    return;
  }
  // How many turns the target takes is not known.
  frame.run.mayFail = true;
  attempt(frame, turns);
  poisonNames(frame, assignedIn(s.body));
}

export function executeIf(frame: Frame, s: Extract<Stmt, { kind: "if" }>): void {
  const c = evaluateScalar(frame, s.condition);
  const [taken, other] = c.value !== 0 ? [s.then, s.otherwise] : [s.otherwise, s.then];
  if (isDecided(c)) {
    executeBlock(frame, taken);
    return;
  }
  const names = assignedIn(other, new Set(assignedIn(taken)));
  const before = snapshot(frame, names);
  const way = (block: typeof taken): Snapshot | undefined =>
    attempt(frame, () => {
      restore(frame, before);
      executeBlock(frame, block);
      return snapshot(frame, before.keys());
    });
  const a = way(taken);
  const b = way(other);
  const after = a && b ? joinStates(a, b) : (a ?? b);
  if (!after) frame.unknown("both ways of an undecided `if` fail");
  restore(frame, after);
}

/** More ways out of one loop are not followed. */
const MOST_EXITS = 64;

export function executeLoop(frame: Frame, s: Extract<Stmt, { kind: "loop" }>): void {
  const max = evaluateScalar(frame, s.max);
  frame.set(s.turns, scalar(0));
  const names = [...snapshot(frame, [...assignedIn(s.body), s.turns]).keys()];
  /** What the reference leaves, and what a target may leave that stops at another turn. */
  let mine: Snapshot | undefined;
  const others: Snapshot[] = [];
  let known = isDecided(max);

  const turn = (t: number): Scalar => {
    frame.set(s.turn, scalar(t));
    executeBlock(frame, s.body);
    frame.assign(s.turns, scalar(t + 1));
    return evaluateScalar(frame, s.until);
  };
  const leave = (stops: boolean): void => {
    const state = snapshot(frame, names);
    if (stops && !mine) mine = state;
    else others.push(state);
  };

  for (let t = 0; ; t++) {
    if (t >= max.value) {
      leave(true);
      break;
    }
    const certain = !mine && others.length === 0 && known;
    const stop = certain ? turn(t) : attempt(frame, () => turn(t));
    if (!stop) break;
    if (isDecided(stop)) {
      if (stop.value === 0) continue;
      leave(true);
      break;
    }
    leave(stop.value !== 0);
    if (others.length <= MOST_EXITS) continue;
    known = false;
    frame.run.mayFail = true;
    if (mine) break;
  }
  const [first, ...rest] = mine ? [mine, ...others] : others;
  if (!first) frame.unknown("no way out of a loop that hangs on undecided values");
  restore(frame, rest.reduce(joinStates, first));
  if (!isDecided(max)) frame.run.mayFail = true;
  if (!known) poisonNames(frame, names);
}
