// Checks that pass, and the one thing in some programs that fails at run time.

import { bool, real } from "./scalars.js";
import { fresh, note } from "./scope.js";
import { type Maker, made } from "./statements.js";
import { atom, infix, not } from "./text.js";

export const passing: Maker = (d, s) => {
  note(d, "require");
  const size = d.random.pick(d.sizes);
  if (d.random.chance(0.5)) return made([`require ${size} >= 0 else "a size of {${size}}"`]);
  const small = infix(real(d, s, 1), "<", atom("1e6"), 1);
  return made([`require ${infix(not(bool(d, s, 0)), "or", small, 1).text} else "far too large"`]);
};

/** Fails for some arguments, and for some sizes not. */
export const failing: Maker = (d, s) => {
  const r = d.random;
  if (d.fails) return undefined;
  const vectors = s.variables.filter(
    (v) => v.element === "real" && v.dims.length === 1 && d.sizes.includes(v.dims[0] ?? ""),
  );
  if (vectors.length === 0) return undefined;
  const v = r.pick(vectors);
  const dim = v.dims[0] ?? "";
  const [name, i] = [fresh(d, "A"), fresh(d, "i")];
  d.fails = true;
  switch (r.whole(0, 7)) {
    case 0:
      note(d, "require fails", "require", "size as a value");
      return made([`require ${dim} < 4 else "{${dim}} is too many"`]);
    case 1:
      note(d, "index out of range");
      return made([`let ${name}[${i} in 0..${dim}] = ${v.name}[${i} + 2]`], {
        name,
        element: "real",
        dims: [dim],
        most: v.most,
      });
    case 2: {
      note(d, "index out of range", "gather");
      const g = s.variables.find((x) => x.element === "i32" && x.dims.length === 1 && x.dims[0] === dim);
      if (!g) return made([`let ${name} = ${v.name}[3]`], { name, element: "real", dims: [], most: v.most });
      return made([`let ${name}[${i}] = ${v.name}[${g.name}[${i}] + 1]`], {
        name,
        element: "real",
        dims: [dim],
        most: v.most,
      });
    }
    case 3:
      note(d, "slice out of range", "slice");
      return made([`let ${name} = sum[${i} in 0..3](${v.name}[1..4][${i}])`], {
        name,
        element: "real",
        dims: [],
        most: 3 * v.most,
      });
    case 4:
      note(d, "division by zero", "integer division");
      return made([`let ${name}[${i} in 0..${dim}]: i32 = 12 div (3 - ${i})`], {
        name,
        element: "i32",
        dims: [dim],
        most: 12,
      });
    case 5:
      note(d, "negative power", "integer power");
      return made([`let ${name}[${i} in 0..${dim}]: i32 = 2 ^ (3 - ${i})`], {
        name,
        element: "i32",
        dims: [dim],
        most: 8,
      });
    default:
      if (r.chance(0.5)) {
        note(d, "shape check fails", "as");
        return made([`let ${name} = ${v.name} as real[3]`], { name, element: "real", dims: ["3"], most: v.most });
      }
      note(d, "double write", "each");
      return made([`var ${name} = ${v.name}`, `each ${i}: ${name}[(${i} * 2) % ${dim}] = ${v.name}[${i}]`], {
        name,
        element: "real",
        dims: [dim],
        most: v.most,
      });
  }
};
