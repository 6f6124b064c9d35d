// ARGS.json: parameter names to numbers, nested lists, records, or paths of `.npy` files.
import fs from "node:fs";
import path from "node:path";
import type { FunctionDef, ValueType } from "../compiler/typed.js";
import { BifoldError } from "../runtime/errors.js";

/** A list of rank-0 parts or an array read from a file, as `asarray` and the interpreter take it. */
export type ArgumentValue =
  | number
  | boolean
  | readonly ArgumentValue[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] }
  | { readonly [field: string]: ArgumentValue };

const notNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/**
 * The arguments of `def` in their order, read from the JSON file `file`. `.npy` paths are relative to that file.
 * @throws {BifoldError} `parameter` for a missing or unknown name, or a text that is neither a path nor a number
 */
export async function readArguments(file: string, def: FunctionDef): Promise<ArgumentValue[]> {
  let json: unknown;
  try {
    json = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (cause) {
    throw new BifoldError("parameter", `${file} is not readable JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new BifoldError("parameter", `${file} must hold an object that maps parameter names to values`);
  const given = json as Readonly<Record<string, unknown>>;
  const names = def.params.map((p) => p.name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new BifoldError("parameter", `${def.name} has no parameter ${name}: it takes ${names.join(", ")}`);
  return Promise.all(
    def.params.map((p) => {
      if (!(p.name in given))
        throw new BifoldError("parameter", `${file} gives nothing for the parameter ${p.name} of ${def.name}`);
      if (p.type.kind === "function") throw new Error("internal: an exported function has a function parameter");
      return read(given[p.name], p.type, p.name, path.dirname(file));
    }),
  );
}

async function read(json: unknown, type: ValueType, name: string, folder: string): Promise<ArgumentValue> {
  if (typeof json === "number" || typeof json === "boolean") return json;
  if (typeof json === "string") return notNumbers[json] ?? readNpy(json, name, folder);
  if (Array.isArray(json)) return padEmpty(await Promise.all(json.map((part) => read(part, type, name, folder))), type);
  if (typeof json === "object" && json !== null && type.kind === "record") {
    const record = json as Readonly<Record<string, unknown>>;
    const fields = await Promise.all(
      Object.entries(record).map(async ([key, value]) => {
        const field = type.fields.find((f) => f.name === key);
        if (!field)
          throw new BifoldError(
            "parameter",
            `${name} has no field ${key}: its fields are ${type.fields.map((f) => f.name).join(", ")}`,
          );
        return [key, await read(value, field.type, `${name}.${key}`, folder)] as const;
      }),
    );
    return Object.fromEntries(fields);
  }
  throw new BifoldError(
    "parameter",
    `${name} is ${json === null ? "null" : `an ${typeof json}`}: expected a number, true or false, nested lists, a record, or the path of an .npy file`,
  );
}

/** An empty list takes the rank of its parameter; the sizes that it does not show are 0. */
function padEmpty(list: readonly ArgumentValue[], type: ValueType): ArgumentValue {
  if (type.kind !== "array") return list;
  const shape: number[] = [];
  let part: ArgumentValue | undefined = list;
  for (; Array.isArray(part); part = part[0]) shape.push(part.length);
  if (part !== undefined || shape.length >= type.shape.length) return list;
  return { data: new Float64Array(0), shape: [...shape, ...type.shape.slice(shape.length).map(() => 0)] };
}

async function readNpy(name: string, parameter: string, folder: string): Promise<ArgumentValue> {
  if (!name.endsWith(".npy"))
    throw new BifoldError(
      "parameter",
      `${parameter} is the text ${JSON.stringify(name)}: expected the path of an .npy file`,
    );
  const file = path.resolve(folder, name);
  if (!fs.existsSync(file)) throw new BifoldError("parameter", `${parameter}: there is no file ${file}`);
  const { parse } = await import("npyjs");
  const bytes = fs.readFileSync(file);
  const parsed = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  const data = parsed.data as unknown as ArrayLike<number | bigint>;
  const { shape } = parsed;
  const place = parsed.fortranOrder ? columnMajor(shape) : (k: number): number => k;
  return { data: Float64Array.from({ length: data.length }, (_, k) => Number(data[place(k)])), shape };
}

/** Where the element at a row-major position stands in an array whose first index runs fastest, as Fortran keeps it. */
function columnMajor(shape: readonly number[]): (position: number) => number {
  return (position) => {
    let rest = position;
    const index = [...shape].reverse().map((n) => {
      const i = rest % n;
      rest = Math.floor(rest / n);
      return i;
    });
    let place = 0;
    for (const [d, i] of index.entries()) place = place * (shape[shape.length - 1 - d] ?? 1) + i;
    return place;
  };
}
