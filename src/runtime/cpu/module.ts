// From a code file to an instance: inflate, patch the memory import where the memory is not shared, compile, instantiate.
import { ABI_VERSION, type WasmCode } from "../../abi.js";
import { BifoldError } from "../errors.js";
import type { WasmMemory } from "./memory.js";

/** The exports of a generated module: kernels, their scratch estimates, and the workers' entries. */
export type KernelExports = Readonly<Record<string, (...args: number[]) => number>>;

/** A compiled module and its instance in this thread. `id` is what the team record calls it by. */
export interface LoadedModule {
  readonly id: number;
  readonly code: WasmCode;
  readonly module: WebAssembly.Module;
  readonly exports: KernelExports;
}

/** Inflates `deflate-raw` base64 with what every engine since 2023 has. */
export async function inflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The same module with its memory import declared unshared: one flag bit in the import section (WebAssembly core, 5.3.7 "limits").
 * Atomic instructions are valid on unshared memories.
 */
export function unshareMemoryImport(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = 8;
  const leb = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const length = leb();
    if (section !== 2) {
      at += length;
      continue;
    }
    for (let left = leb(); left > 0; left--) {
      // The names of the module and of what it gives. (`at += leb()` would add to where the length stands.)
      for (let name = 0; name < 2; name++) {
        const length = leb();
        at += length;
      }
      const kind = bytes[at++];
      if (kind === 2) {
        const patched = bytes.slice();
        patched[at] = (patched[at] ?? 0) & ~2;
        return patched;
      }
      if (kind === 0) leb();
      else if (kind === 3) at += 2;
      else
        throw new BifoldError(
          "abi",
          `this kernel's import section has an unknown entry of kind ${kind}: rebuild it with this version of bifold`,
        );
    }
  }
  return bytes;
}

/** What `code` must be to run here. */
export function checkWasmCode(code: unknown): WasmCode {
  const c = code as WasmCode;
  if (c?.target !== "wasm" || c.abi !== ABI_VERSION)
    throw new BifoldError(
      "abi",
      `this kernel was built for ABI ${c?.abi ?? "unknown"} and this runtime speaks ${ABI_VERSION}: rebuild it with \`bifold build\``,
    );
  return c;
}

/** Imports of a generated module for one thread of the team (0 is the caller). */
export const importsFor = (memory: WebAssembly.Memory, team: number, id: number): WebAssembly.Imports => ({
  env: {
    memory,
    team: new WebAssembly.Global({ value: "i32", mutable: false }, team),
    module: new WebAssembly.Global({ value: "i32", mutable: false }, id),
  },
});

/** Compiles and instantiates `code` over `memory`. */
export async function loadModule(code: WasmCode, memory: WasmMemory, id: number): Promise<LoadedModule> {
  const bytes = await inflate(code.module);
  const module = await WebAssembly.compile(memory.shared ? bytes : unshareMemoryImport(bytes));
  const instance = await WebAssembly.instantiate(module, importsFor(memory.memory, memory.team, id));
  return { id, code, module, exports: instance.exports as KernelExports };
}
