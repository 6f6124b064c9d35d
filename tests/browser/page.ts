// The plain page: modules of the package as they lie in node_modules, no bundler. What it fits is exact in single precision.

export const plainPage = `<!doctype html>
<meta charset="utf-8">
<title>plain</title>
<script type="module">
import { asarray, device } from "./node_modules/bifold/dist/index.js";
import { KMeans } from "./node_modules/bifold/dist/cluster.js";
import { Ridge } from "./node_modules/bifold/dist/linear_model.js";
import { StandardScaler } from "./node_modules/bifold/dist/preprocessing.js";

async function fitOn(place, dtype) {
  const X = await asarray([[0], [0], [4], [4]], { device: place, dtype });
  const scaler = await new StandardScaler().fit(X);
  const scaled = await scaler.transform(X);
  const ridge = await new Ridge({ alpha: 0 }).fit(X, [1, 1, 9, 9]);
  const groups = await asarray([[0], [2], [10], [12]], { device: place, dtype });
  const kmeans = await new KMeans({ nClusters: 2, init: [[0], [12]] }).fit(groups);
  const read = async (array) => [array.dtype, await array.toArray()];
  const result = {
    scaled: await read(scaled),
    coef: await read(ridge.coef_),
    intercept: await read(ridge.intercept_),
    centers: await read(kmeans.clusterCenters_),
    labels: await read(kmeans.labels_),
    inertia: kmeans.inertia_,
  };
  for (const made of [X, scaler, scaled, ridge, groups, kmeans]) made.dispose();
  return { ...result, left: place.liveBytes };
}

globalThis.fitted = (async () => {
  const cpu = await device("cpu", { threads: 2 });
  const gpu = await device("webgpu");
  return {
    isolated: crossOriginIsolated,
    names: [cpu.name, gpu.name],
    float64: await fitOn(cpu, "float64"),
    float32: await fitOn(cpu, "float32"),
    webgpu: await fitOn(gpu, "float32"),
  };
})();
</script>
`;

const expected = (dtype: string) => ({
  scaled: [dtype, [[-1], [-1], [1], [1]]],
  coef: [dtype, [2]],
  intercept: [dtype, 1],
  centers: [dtype, [[1], [11]]],
  labels: ["int32", [0, 0, 1, 1]],
  inertia: 4,
  left: 0,
});

export const plainResult = (isolated: boolean, threads: "1 thread" | "2 threads") => ({
  isolated,
  names: [`cpu (${threads})`, "webgpu (google swiftshader)"],
  float64: expected("float64"),
  float32: expected("float32"),
  webgpu: expected("float32"),
});
