// The backends that are tested, as plain data: a process is told by it what to set up.
import type { Variant } from "./variants.js";

export type BackendSpec =
  | {
      readonly device: "cpu";
      readonly real: "float32" | "float64";
      /** Relaxed SIMD has fused multiply-add; Node 20 wants a flag for it. */
      readonly relaxed: boolean;
      readonly threads: number;
      readonly fusion: boolean;
    }
  /** Without `resident` the host steps through every loop. */
  | { readonly device: "webgpu"; readonly fusion: boolean; readonly resident: boolean };

export const variantOf = (s: BackendSpec): Variant =>
  s.device === "cpu" ? { real: s.real, target: "wasm" } : { real: "float32", target: "wgsl" };

export const specName = (s: BackendSpec): string => {
  const fusion = `fusion ${s.fusion ? "on" : "off"}`;
  if (s.device === "webgpu") return `WebGPU, ${fusion}${!s.resident ? ", loops stepped" : ""}`;
  const real = s.real === "float32" ? "f32" : "f64";
  const threads = s.threads === 1 ? "" : `, ${s.threads} threads`;
  return `WASM ${real}${s.relaxed ? " relaxed" : ""}${threads}, ${fusion}`;
};

export const needsRelaxedSimd = (s: BackendSpec): boolean => s.device === "cpu" && s.relaxed;
