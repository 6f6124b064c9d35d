// Scalar expressions of each type. Reals are kept tame: each piece knows how large it may get, and what grows too large is bent back.
import { anyElement } from "./elements.js";
import { reducer } from "./reducers.js";
import { type Draft, note, type Scope } from "./scope.js";
import { atom, call, choice, infix, negated, not, type Piece, wrapped } from "./text.js";

const LARGE = 40;

const literal = (d: Draft): Piece => {
  const r = d.random;
  const x = r.chance(0.5) ? r.whole(1, 64) / 16 : r.whole(1, 400) / 100;
  return atom(String(x), x);
};

/** Bent back into -1..1, and so without a say in how large what follows gets. */
const tame = (p: Piece): Piece => (p.most > LARGE ? call("tanh", [infix(p, "*", atom("0.01"), p.most * 0.01)], 1) : p);

export function real(d: Draft, s: Scope, depth: number): Piece {
  return tame(rawReal(d, s, depth));
}

function rawReal(d: Draft, s: Scope, depth: number): Piece {
  const r = d.random;
  if (depth <= 0) return r.chance(0.8) ? (anyElement(d, s, "real") ?? literal(d)) : literal(d);
  const sub = (): Piece => real(d, s, depth - 1);
  switch (r.whole(0, 14)) {
    case 0:
    case 1: {
      const [a, b] = [sub(), sub()];
      return infix(a, r.pick(["+", "-"]), b, a.most + b.most);
    }
    case 2:
    case 3: {
      const [a, b] = [sub(), sub()];
      return infix(a, "*", b, a.most * b.most);
    }
    case 4: {
      const [a, b] = [sub(), sub()];
      return infix(a, "/", infix(atom("1.5"), "+", call("abs", [b], b.most), b.most + 2), a.most);
    }
    case 5:
    case 6:
      return realFunction(d, sub());
    case 7: {
      note(d, "if expression");
      return choice(bool(d, s, depth - 1), sub(), sub());
    }
    case 8: {
      note(d, "integer power");
      const a = sub();
      const k = r.whole(0, 4);
      return a.most ** k > 1e3 ? a : infix(a, "^", atom(String(k)), Math.max(1, a.most ** k));
    }
    case 9:
    case 10:
      return reducer(d, s, depth - 1) ?? sub();
    case 11: {
      note(d, "conversion to real");
      const k = integer(d, s, depth - 1);
      return r.chance(0.5)
        ? call("real", [infix(k, "%", atom("8"), 8)], 8)
        : infix(sub(), "*", infix(k, "%", atom("8"), 8), 8 * LARGE);
    }
    case 12: {
      note(d, "constant");
      const c = r.pick(["pi", "eps", "tiny", "huge"]);
      if (c === "pi") return infix(sub(), "+", atom("pi"), LARGE);
      return call("min", [atom(c), sub()], LARGE);
    }
    default: {
      const a = sub();
      return negated(a);
    }
  }
}

/** One with an argument in the middle of its domain. */
function realFunction(d: Draft, a: Piece): Piece {
  const r = d.random;
  note(d, "function of reals");
  const small = a.most <= 2 ? a : call("tanh", [a], 1);
  const positive = infix(atom("0.25"), "+", call("abs", [a], a.most), a.most + 0.25);
  switch (r.whole(0, 12)) {
    case 0:
      return call("exp", [small], 8);
    case 1:
      return call("log", [positive], 5);
    case 2:
      return call("sqrt", [positive], 8);
    case 3:
      return call(r.pick(["sin", "cos"]), [small], 1);
    case 4:
      return call(r.pick(["tanh", "atan", "erf"]), [a], 1.6);
    case 5:
      return call(r.pick(["floor", "ceil", "round", "trunc", "sign"]), [a], a.most + 1);
    case 6:
      return call(r.pick(["expm1", "sinh", "cosh"]), [small], 8);
    case 7:
      return call(r.pick(["log1p", "log2"]), [positive], 6);
    case 8: {
      note(d, "real power");
      const y = small;
      return r.chance(0.5) ? call("pow", [positive, y], LARGE + 1) : infix(positive, "^", y, LARGE + 1);
    }
    case 9:
      return call("atan2", [a, positive], 3.2);
    case 10:
      return call("lgamma", [positive], LARGE + 1);
    case 11:
      return call(r.pick(["asin", "acos"]), [infix(atom("0.9"), "*", call("tanh", [a], 1), 0.9)], 3.2);
    default:
      return r.chance(0.5)
        ? call("fma", [a, atom("0.5"), small], a.most + 2)
        : call("clamp", [a, negated(atom("1.5")), atom("2.5")], 2.5);
  }
}

export function integer(d: Draft, s: Scope, depth: number): Piece {
  const r = d.random;
  const leaf = (): Piece => {
    const names = [...s.bounds.map((b) => b.name), ...d.sizes];
    if (names.length > 0 && r.chance(0.4)) {
      const name = r.pick(names);
      const b = s.bounds.find((x) => x.name === name);
      if (b) b.use.other = true;
      else note(d, "size as a value");
      return atom(name, 300);
    }
    // A literal takes its type from what it meets: here it must meet an integer.
    return (r.chance(0.6) ? anyElement(d, s, "i32") : undefined) ?? call("i32", [atom(String(r.whole(0, 9)))], 9);
  };
  if (depth <= 0) return leaf();
  const sub = (): Piece => integer(d, s, depth - 1);
  switch (r.whole(0, 12)) {
    case 0:
    case 1:
    case 2:
      note(d, "integer arithmetic");
      return infix(sub(), r.pick(["+", "-", "*"]), r.chance(0.4) ? atom(String(r.whole(1, 9))) : sub(), 2 ** 31);
    case 3:
      note(d, "integer division");
      // Half of the dividends are negative, mostly: there rounding down is not cutting off.
      return infix(
        r.chance(0.5) ? infix(atom(String(r.whole(1, 9))), "-", sub(), 309) : sub(),
        r.pick(["div", "%"]),
        atom(String(r.whole(1, 9))),
        300,
      );
    case 4:
      note(d, "if expression");
      return choice(bool(d, s, depth - 1), sub(), sub());
    case 5:
      note(d, "conversion to integer");
      return call("i32", [real(d, s, depth - 1)], 100);
    case 6:
      note(d, "bits");
      return call(r.pick(["bitAnd", "bitOr", "bitXor", "min", "max"]), [sub(), sub()], 2 ** 31);
    case 7:
      return r.chance(0.3) ? call("i32", [bool(d, s, depth - 1)], 1) : call(r.pick(["abs", "sign"]), [sub()], 2 ** 31);
    default:
      return reducer(d, s, depth - 1, "i32") ?? leaf();
  }
}

export function unsigned(d: Draft, s: Scope, depth: number): Piece {
  const r = d.random;
  note(d, "u32 arithmetic");
  const leaf = (): Piece =>
    (r.chance(0.7) ? anyElement(d, s, "u32") : undefined) ?? call("u32", [integer(d, s, 0)], 2 ** 32);
  if (depth <= 0) return leaf();
  const sub = (): Piece => unsigned(d, s, depth - 1);
  switch (r.whole(0, 7)) {
    case 6:
      note(d, "conversion to u32");
      return call("u32", [real(d, s, depth - 1)], 2 ** 32);
    case 0:
      return infix(sub(), "*", atom(r.pick(["0x9E3779B9", "2246822519", "3"])), 2 ** 32);
    case 1:
      return infix(sub(), r.pick(["+", "-"]), sub(), 2 ** 32);
    case 2:
      note(d, "shift");
      return call(r.pick(["shiftLeft", "shiftRight"]), [sub(), atom(String(r.whole(0, 32)))], 2 ** 32);
    case 3:
      note(d, "bits");
      return call(r.pick(["bitAnd", "bitOr", "bitXor"]), [sub(), sub()], 2 ** 32);
    case 4:
      note(d, "bits");
      return call(r.pick(["bitNot", "countLeadingZeros"]), [sub()], 2 ** 32);
    default:
      return infix(sub(), r.pick(["div", "%"]), atom(String(r.whole(1, 99))), 2 ** 32);
  }
}

export function bool(d: Draft, s: Scope, depth: number): Piece {
  const r = d.random;
  if (depth > 0 && r.chance(0.25)) {
    const [a, b] = [bool(d, s, depth - 1), bool(d, s, depth - 1)];
    return r.chance(0.2) ? not(a) : infix(a, r.pick(["and", "or"]), b, 1);
  }
  switch (r.whole(0, 6)) {
    case 0: {
      const v = anyElement(d, s, "bool");
      if (v) return v;
      return infix(integer(d, s, 0), r.pick(["==", "!="]), atom(String(r.whole(0, 4))), 1);
    }
    case 1:
    case 2:
      return infix(integer(d, s, 0), r.pick(["==", "!=", "<", "<=", ">", ">="]), integer(d, s, 0), 1);
    case 3:
      return (depth > 0 ? reducer(d, s, depth - 1, "bool") : undefined) ?? atom(r.pick(["true", "false"]));
    default:
      return infix(real(d, s, Math.min(depth, 1)), r.pick(["<", "<=", ">", ">="]), literal(d), 1);
  }
}

export const textOf = (p: Piece): string => wrapped(p, 0);
