// bifold/metrics
export { type MetricOptions, type MultiOutput, meanSquaredError, r2Score } from "./regression.js";
export {
  checkScoring,
  getScorer,
  getScorerNames,
  type Metric,
  makeScorer,
  type Scorable,
  type ScoreOptions,
  type Scorer,
  type Scoring,
} from "./scorer.js";
