// `npm run bench:memory`: many cross-validations of the seed pipeline in one process, where nothing is disposed of by hand.
// Prints live bytes of the device and the process's memory as it goes; exits with 1 when either stays above its limit.
import { parseArgs } from "node:util";
import { asarray, type DeviceKind, device, type FloatDtype } from "bifold";
import { Nystroem } from "bifold/kernel_approximation";
import { Ridge } from "bifold/linear_model";
import { crossValidate } from "bifold/model_selection";
import { makePipeline } from "bifold/pipeline";
import { SplineTransformer } from "bifold/preprocessing";
import { RandomState } from "bifold/random";
import { load } from "../machine.js";

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
const LIMIT_MB = 512;
const calls = Number(values.calls);
const rows = Number(values.rows);
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const peak = (): number => process.resourceUsage().maxRSS * 1024;

const home = await device(values.device as DeviceKind, { threads: Number(values.threads) });
const where = { device: home, dtype: values.dtype as FloatDtype };
const random = new RandomState(0);
const X = await asarray({ data: random.uniform(-2, 2, [rows, 10]).data, shape: [rows, 10] }, where);
const y = await asarray({ data: random.normal(0, 1, [rows]).data, shape: [rows] }, where);

const validate = (): Promise<unknown> =>
  crossValidate(
    makePipeline(
      new SplineTransformer({ nKnots: 5 }),
      new Nystroem({ kernel: "poly", degree: 2, nComponents: Number(values.components), randomState: 0 }),
      new Ridge({ solver: "svd", alpha: 1e-3 }),
    ),
    X,
    y,
    { cv: 5 },
  );

console.log(
  `${home.name}, ${values.dtype}, ${rows} rows x 10, ${values.components} components, ${calls} calls of crossValidate (load ${load()})`,
);
const before = home.liveBytes;
console.log(`before: ${megabytes(before)} MB live, at most ${megabytes(peak())} MB of memory so far`);
const start = performance.now();
for (let call = 1; call <= calls; call++) {
  await validate();
  if (call % Math.max(1, Math.floor(calls / 10)) === 0) {
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${call} calls, ${seconds.toFixed(0)} s: ${megabytes(home.liveBytes)} MB live, at most ${megabytes(peak())} MB of memory so far`,
    );
  }
}
const left = home.liveBytes - before;
console.log(`after: ${left} bytes more live than before`);
if (left !== 0 || peak() > LIMIT_MB * 2 ** 20) {
  console.error(`Expected no byte more and at most ${LIMIT_MB} MB.`);
  process.exitCode = 1;
}
process.exit();
