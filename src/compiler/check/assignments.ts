// Assignment to what is a `var`: whole, a field, an element, a slice, and for all indices at once by `each`.
import type { PlaceSyntax, Statement } from "../syntax.js";
import type { Expr, Local, Place, ScalarType, Stmt, ValueType } from "../typed.js";
import { closeBinders, type OpenBinder, openBinders } from "./binders.js";
import { checkCondition } from "./conditions.js";
import { type Checked, coerce, describe } from "./convert.js";
import { check, unknownField } from "./expressions.js";
import { type Context, lookup, namesInScope, nested, report, unknownName } from "./scope.js";
import { checkSubscripts, poison } from "./subscripts.js";
import { arrayOf, elementOf, formatType, scalarOf, shapeOf } from "./types.js";
import { partsOfSubscripts, uses } from "./walk.js";

type Assign = Extract<Statement, { kind: "assign" }>;
type Each = Extract<Statement, { kind: "each" }>;

export function checkAssign(ctx: Context, s: Assign): Stmt | undefined {
  const place = checkPlace(ctx, s.place);
  const c = s.value.kind === "record" ? undefined : check(ctx, s.value);
  if (s.value.kind === "record") check(ctx, s.value);
  const value = place && c && assigned(ctx, place, s.op, c);
  return value && { kind: "assign", place, op: s.op, value, at: s.at };
}

/** The value as one of the place's type; a slice takes a scalar too, and so does what is added to. */
function assigned(ctx: Context, place: Place, op: Assign["op"], c: Checked): Expr | undefined {
  const text = textOf(place);
  const scalar = elementOf(place.type);
  const others = [{ at: place.at, text: `\`${text}\` is ${formatType(place.type)}` }];
  if (op !== "=" && (!scalar || scalar === "bool"))
    return report(ctx, "T05", place.at, `\`${op}\` needs numbers, and \`${text}\` is ${formatType(place.type)}`, {
      help: scalar ? `write \`${text} = ${text} or …\`` : "assign its fields one by one",
    });
  const fills =
    shapeOf(c.expr.type).length === 0 && c.expr.type.kind !== "record" && (op !== "=" || place.subscripts.length > 0);
  const wanted = fills && scalar ? scalarOf(scalar) : place.type;
  const rank = shapeOf(wanted).length;
  if (
    op === "=" &&
    rank > 0 &&
    shapeOf(c.expr.type).length === 0 &&
    place.subscripts.length === 0 &&
    c.expr.type.kind !== "record"
  )
    return report(ctx, "T01", c.expr.at, `\`${text}\` is ${formatType(place.type)}, and this is ${describe(c)}`, {
      others,
      help: `all elements are set by \`${text}[${Array(rank).fill(":").join(", ")}] = …\``,
    });
  return coerce(ctx, c, wanted, `what is assigned to \`${text}\``, others);
}

const textOf = (p: Place): string => [p.root.name, ...p.path].join(".") + (p.subscripts.length > 0 ? "[…]" : "");

export function checkEach(ctx: Context, s: Each): Stmt | undefined {
  const inner: Context = { ...nested(ctx), region: "each" };
  const open = openBinders(inner, s.binders);
  const where = s.where && checkCondition(inner, s.where, "what stands after `where`");
  const place = checkPlace(inner, s.place);
  const c = check(inner, s.value);
  const failed = !place || !c || (s.where !== undefined && !where);
  if (failed) for (const b of open) if (b.bare) b.bare.failed = true;
  const binders = closeBinders(inner, open, false);
  if (failed || !binders) return undefined;
  if (s.op === "=" && !oncePerElement(ctx, s, place, open)) return undefined;
  const value = assigned(inner, place, s.op, c);
  return value && { kind: "each", binders, ...(where ? { where } : {}), place, op: s.op, value, at: s.at };
}

/** With `=`, every binder stands in the place: else one element would be written many times. */
function oncePerElement(ctx: Context, s: Each, place: Place, open: readonly OpenBinder[]): boolean {
  if (place.subscripts.length === 0) {
    report(ctx, "L04", s.place.at, "an `each` that assigns by `=` needs subscripts: one value can't be all of them", {
      help: "add them up by `+=`, or take one reducer: `sum[i](…)`",
    });
    return false;
  }
  const parts = partsOfSubscripts(place.subscripts);
  const missing = open.find((b) => !parts.some((p) => uses(p, b.local.id)));
  if (!missing) return true;
  const name = missing.local.name;
  report(ctx, "L02", s.place.at, `this element is written once for every \`${name}\`, which does not stand in it`, {
    label: `no \`${name}\` here`,
    others: [{ at: missing.local.at, text: `\`${name}\` is a binder of this \`each\`` }],
    help: `add them up by \`+=\`, or reduce over \`${name}\` on the right: \`sum[${name}](…)\``,
  });
  return false;
}

function checkPlace(ctx: Context, s: PlaceSyntax): Place | undefined {
  const place = placeOf(ctx, s);
  if (!place && s.subscripts) poison(ctx, s.subscripts);
  return place === "poisoned" ? undefined : place;
}

function placeOf(ctx: Context, s: PlaceSyntax): Place | undefined | "poisoned" {
  const binding = lookup(ctx.scope, s.name.text);
  if (binding?.kind === "failed") return undefined;
  if (!binding) return unknownName(ctx, s.name, "variable", namesInScope(ctx.scope));
  const root = binding.local;
  if (!root.mutable) return immutable(ctx, s, root);
  let type = root.type;
  const path: string[] = [];
  for (const field of s.path) {
    const so = [root.name, ...path].join(".");
    if (type.kind !== "record")
      return report(ctx, "T06", field.at, `only a record has fields, and \`${so}\` is ${formatType(type)}`, {
        help: "assign the value without the field",
      });
    const found = type.fields.find((f) => f.name === field.text);
    if (!found) return unknownField(ctx, field, type.fields, `\`${so}\``);
    path.push(found.name);
    type = found.type;
  }
  if (type.kind === "function") return undefined;
  if (!s.subscripts) return { root, path, subscripts: [], type, at: s.at };
  const name = [root.name, ...path].join(".");
  if (type.kind !== "array")
    return report(ctx, "T06", s.at, `only an array has subscripts, and \`${name}\` is ${formatType(type)}`, {
      help: `write \`${name} = …\``,
    });
  const made = checkSubscripts(ctx, type, s.subscripts, name, s.at, false);
  // The binders in them were looked at: nothing else is to be said of them.
  if (!made) return "poisoned";
  const part: ValueType = arrayOf(type.element as ScalarType, made.shape);
  return { root, path, subscripts: made.subscripts, type: part, at: s.at };
}

function immutable(ctx: Context, s: PlaceSyntax, root: Local): undefined {
  const name = root.name;
  const help: Readonly<Record<Local["kind"], string>> = {
    let: `declare it by \`var ${name}\` if it is to change`,
    var: "",
    param: `a parameter keeps its value: copy it, \`var ${name}2 = ${name}\``,
    size: "a size keeps its value: copy it into a `var`",
    binder: "a binder keeps its value",
    loop: "a loop sets its index itself: use another `var`",
  };
  return report(ctx, "L01", s.at, `\`${name}\` can't be assigned to: it is ${what[root.kind]}`, {
    others: [{ at: root.at, text: "it is made here" }],
    help: help[root.kind],
  });
}

const what: Readonly<Record<Local["kind"], string>> = {
  let: "a `let`",
  var: "a `var`",
  param: "a parameter",
  size: "a size",
  binder: "a binder",
  loop: "the index of a loop",
};
