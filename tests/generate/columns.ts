// Statistics of the columns of a matrix, several of the same rows: what the passes may compute in one sweep, and what must wait for another.
import { type Draft, fresh, note } from "./scope.js";
import { type Maker, made } from "./statements.js";

/** A reduction down a column, within -1 and 1 where its value is; `more` is added to what it takes. */
function downColumn(d: Draft, matrix: string, column: string, more: string): string {
  const r = d.random;
  const [i, sign] = [fresh(d, "i"), r.pick([">", "<"])];
  const where = r.chance(0.3) ? ` where ${matrix}[${i}, ${column}] ${sign} 0.25` : "";
  if (where) note(d, "reducer where");
  const value = `tanh(${matrix}[${i}, ${column}]${more})`;
  const name = r.pick(["sum", "min", "max"] as const);
  note(d, name);
  return name === "sum" ? `tanh(0.1 * sum[${i}${where}](${value}))` : `clamp(${name}[${i}${where}](${value}), -1, 1)`;
}

/** Two that are of the same rows, one that needs the first before it begins, and one that joins that. */
export const columnStatistics: Maker = (d, s) => {
  const matrices = s.variables.filter((v) => v.element === "real" && v.dims.length === 2 && v.most < 100);
  if (matrices.length === 0) return undefined;
  const r = d.random;
  const v = r.pick(matrices);
  const [rows = "", columns = ""] = v.dims;
  const [a, b, c, name] = [fresh(d, "A"), fresh(d, "A"), fresh(d, "A"), fresh(d, "A")];
  const [j, k, l, m] = [fresh(d, "j"), fresh(d, "j"), fresh(d, "j"), fresh(d, "j")];
  const first = downColumn(d, v.name, k, "");
  const guarded = r.chance(0.3);
  if (guarded) note(d, "if expression");
  for (let count = 0; count < 4; count++) d.work.push([rows, columns]);
  note(d, "let equation");
  return made(
    [
      `let ${a}[${j}] = ${downColumn(d, v.name, j, "")}`,
      `let ${b}[${k}] = ${guarded ? `if ${a}[${k}] > 0 then ${first} else ${a}[${k}]` : `${a}[${k}] - ${first}`}`,
      `let ${c}[${l}] = ${downColumn(d, v.name, l, ` - ${a}[${l}]`)} * ${a}[${l}]`,
      `let ${name}[${m}] = ${b}[${m}] * ${downColumn(d, v.name, m, "")} + ${c}[${m}] * ${b}[${m}]`,
    ],
    { name, element: "real", dims: [columns], most: 6 },
  );
};
