// bifold/metrics
export { type MetricOptions, type MultiOutput, meanSquaredError, r2Score } from "./regression.js";
