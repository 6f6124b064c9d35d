// `npm run bench:memory`: many cross-validations of the seed pipeline in one process, where nothing is disposed of by hand.
// Prints live bytes of the device and the process's memory as it goes; exits with 1 when either stays above its limit.
import { parseArgs } from "node:util";
import { type DeviceKind, device, type FloatDtype } from "bifold";
import { crossValidate } from "bifold/model_selection";
import { makePipeline } from "bifold/pipeline";
import { load, peakBytes } from "../machine.js";
import { FEATURES } from "./protocol.js";
import { seedData, steps } from "./seed.js";

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "cpu" },
    dtype: { type: "string", default: "float32" },
    threads: { type: "string", default: "1" },
    calls: { type: "string", default: "200" },
    rows: { type: "string", default: "2000" },
    components: { type: "string", default: "300" },
  },
});
const LIMIT = 512e6;
const calls = Number(values.calls);
const rows = Number(values.rows);
const components = Number(values.components);

const home = await device(values.device as DeviceKind, { threads: Number(values.threads) });
const { X, y } = await seedData(rows, FEATURES, { device: home, dtype: values.dtype as FloatDtype });
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const used = (): string => `${megabytes(home.liveBytes)} live, at most ${megabytes(peakBytes())} of memory so far`;

console.log(
  `${home.name}, ${values.dtype}, ${rows} rows x ${FEATURES}, ${components} components, ${calls} calls of crossValidate (load ${load().toFixed(1)})`,
);
const before = home.liveBytes;
console.log(`before: ${used()}`);
const start = performance.now();
for (let call = 1; call <= calls; call++) {
  await crossValidate(makePipeline(...steps(components)), X, y, { cv: 5 });
  if (call % Math.ceil(calls / 10) === 0)
    console.log(`${call} calls, ${((performance.now() - start) / 1000).toFixed(0)} s: ${used()}`);
}
const left = home.liveBytes - before;
console.log(`after: ${left} bytes more live than before`);
if (left !== 0 || peakBytes() > LIMIT) {
  console.error(`Expected no byte more and at most ${megabytes(LIMIT)}.`);
  process.exitCode = 1;
}
process.exit();
