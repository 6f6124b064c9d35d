// What binaryen has only in its C-style API: the relaxed ternary operations and the names of locals.
import binaryen from "binaryen";

export type Ref = binaryen.ExpressionRef;
export type WasmModule = binaryen.Module;
export type WasmType = binaryen.Type;

interface Raw {
  _BinaryenSIMDTernary(module: number, op: number, a: Ref, b: Ref, c: Ref): Ref;
  _BinaryenFunctionSetLocalName(func: binaryen.FunctionRef, index: number, name: number): void;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  stringToAscii(text: string, pointer: number): void;
}

const raw = binaryen as unknown as Raw;

export const ternary = (m: WasmModule, op: binaryen.Operations, a: Ref, b: Ref, c: Ref): Ref =>
  raw._BinaryenSIMDTernary(m.ptr, op, a, b, c);

/** For reading: two locals must not have one name. */
export function nameLocal(func: binaryen.FunctionRef, index: number, name: string): void {
  const pointer = raw._malloc(name.length + 1);
  raw.stringToAscii(name, pointer);
  raw._BinaryenFunctionSetLocalName(func, index, pointer);
  raw._free(pointer);
}
