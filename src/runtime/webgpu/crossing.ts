// A host function of a kernel on the GPU: its arrays have come to the CPU, and run there in f64.
import type { AbiScalar, Word } from "../../abi.js";
import type { Artifact, Device, Storage } from "../device.js";
import { device } from "../devices.js";
import type { Dtype } from "../dtype.js";
import { dtypeOf, viewOf } from "../dtype.js";
import type { HostCall } from "./run.js";

const abiScalar = (element: Word): AbiScalar => (element === "f32" ? "real" : element);
const wide = (element: Word): Dtype => dtypeOf(abiScalar(element), "float64");
const narrow = (element: Word): Dtype => dtypeOf(abiScalar(element), "float32");

/** Elements in another precision; integers and bools stay as they are. */
function recast(from: Dtype, to: Dtype, bytes: ArrayBuffer): Uint8Array {
  if (from === to) return new Uint8Array(bytes);
  const values = viewOf(from, bytes, 0, bytes.byteLength / (from === "float64" ? 8 : 4));
  const cast = to === "float64" ? Float64Array.from(values) : Float32Array.from(values);
  return new Uint8Array(cast.buffer);
}

export async function runOnCpu(artifact: Artifact, call: HostCall): Promise<readonly Uint8Array[]> {
  const cpu: Device = await device("cpu");
  const held: Storage[] = [];
  try {
    const arrays = call.arrays.map(({ element, shape, bytes }) => {
      const data = recast(narrow(element), wide(element), bytes);
      const storage = cpu.allocate(data.byteLength);
      held.push(storage);
      cpu.upload(storage, data);
      return { storage, dtype: wide(element), shape };
    });
    const out = await cpu.run({
      artifact,
      signature: { name: call.kernel, params: [], sizes: [], localSizes: [], result: { kind: "record", fields: [] } },
      real: "float64",
      sizes: call.sizes,
      scalars: call.scalars,
      arrays,
      results: call.results.map((r) => ({ dtype: wide(r.element), shape: r.shape, scalar: r.scalar })),
    });
    for (const r of out) if (typeof r !== "number") held.push(r);
    const answers: Uint8Array[] = [];
    for (const [k, r] of out.entries()) {
      const { element = "f32", shape = [] } = call.results[k] ?? {};
      if (typeof r === "number") answers.push(scalarBytes(element, r));
      else {
        // An empty array has room for what a kernel may read at: only its elements cross.
        const elements = shape.reduce((n, d) => n * d, 1);
        const all = recast(wide(element), narrow(element), await cpu.download(r));
        answers.push(all.subarray(0, 4 * elements));
      }
    }
    return answers;
  } finally {
    for (const s of held) s.release();
  }
}

function scalarBytes(element: Word, value: number): Uint8Array {
  const words =
    element === "f32" ? Float32Array.of(value) : element === "i32" ? Int32Array.of(value) : Uint32Array.of(value);
  return new Uint8Array(words.buffer);
}
