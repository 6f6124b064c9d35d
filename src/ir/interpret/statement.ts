// Statements: what each kind of the typed program does to the names of a frame.
import type { Block, MessagePart, ScalarType, Stmt } from "../../compiler/typed.js";
import { assign, assignEach } from "./assign.js";
import { copyData, type Data, elementAt, isFloating, makeArray, setElement } from "./data.js";
import { expectation } from "./expect.js";
import { evaluate, evaluateScalar } from "./expression.js";
import { isDecided, type Scalar } from "./format.js";
import { Failure, type Frame } from "./frame.js";
import { executeFor, executeIf, executeLoop } from "./loops.js";
import { scalarTypeOf } from "./operators.js";
import { forEachPoint } from "./points.js";

export function executeBlock(frame: Frame, block: Block): void {
  for (const s of block) execute(frame, s);
}

/** A function's body, whose last statement returns. */
export function executeBody(frame: Frame, body: Block): Data {
  const last = body.at(-1);
  if (last?.kind !== "return") throw new Error("internal: a function that does not return");
  executeBlock(frame, body.slice(0, -1));
  return copyData(evaluate(frame, last.value));
}

function execute(frame: Frame, s: Stmt): void {
  switch (s.kind) {
    case "define":
      frame.set(s.local, copyData(evaluate(frame, s.value)));
      return;
    case "tabulate":
      tabulate(frame, s);
      return;
    case "size": {
      const n = evaluateScalar(frame, s.value);
      if (n.value < 0 && isDecided(n)) throw new Failure("R08", `a size is negative: ${n.value}`, s.at);
      frame.set(s.local, n);
      return;
    }
    case "unpack": {
      const record = evaluate(frame, s.value);
      for (const { field, local } of s.fields) {
        const part = record.kind === "record" ? record.fields.get(field) : undefined;
        if (!part || part.kind === "function") throw new Error(`internal: no field ${field}`);
        frame.set(local, copyData(part));
      }
      return;
    }
    case "assign":
      assign(frame, s);
      return;
    case "each":
      assignEach(frame, s);
      return;
    case "for":
      executeFor(frame, s);
      return;
    case "loop":
      executeLoop(frame, s);
      return;
    case "if":
      executeIf(frame, s);
      return;
    case "require":
      require(frame, s);
      return;
    case "expect":
      expectation(frame, s);
      return;
    case "return":
      throw new Error("internal: return is not the last statement");
  }
}

/** `let A[i, j, :] = e`: the binders' axes, then the value's own. */
function tabulate(frame: Frame, s: Extract<Stmt, { kind: "tabulate" }>): void {
  const type = s.local.type;
  if (type.kind !== "array") throw new Error("internal: an equation with binders that defines no array");
  const array = makeArray(type.element, frame.shape(type.shape, s.at));
  let next = 0;
  const own = array.shape.slice(s.binders.length).reduce((a, b) => a * b, 1);
  forEachPoint(frame, s.binders, undefined, () => {
    const value = evaluate(frame, s.value);
    const offset = next * own;
    if (value.kind === "scalar") setElement(array, offset, value);
    else if (value.kind === "array") for (let k = 0; k < own; k++) setElement(array, offset + k, elementAt(value, k));
    else throw new Error("internal: an array of records");
    next++;
  });
  frame.set(s.local, array);
}

function require(frame: Frame, s: Extract<Stmt, { kind: "require" }>): void {
  const holds = evaluateScalar(frame, s.condition);
  if (!isDecided(holds)) frame.run.mayFail = true;
  else if (holds.value === 0) {
    const { text, inexact } = message(frame, s.message);
    throw new Failure("R01", text, s.at, [s.at.end], inexact);
  }
}

function message(frame: Frame, parts: readonly MessagePart[]): { text: string; inexact: boolean } {
  let text = "";
  let inexact = false;
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      const x = evaluateScalar(frame, part);
      text += showScalar(scalarTypeOf(part.type), x);
      inexact ||= x.bound > 0;
    }
  }
  return { text, inexact };
}

/** As messages show a value: reals with six significant digits. */
export function showScalar(type: ScalarType, x: Scalar): string {
  if (type === "bool") return x.value !== 0 ? "true" : "false";
  return isFloating(type) ? String(Number(x.value.toPrecision(6))) : String(x.value);
}
