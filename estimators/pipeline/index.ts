// bifold/pipeline
export { FeatureUnion, type FeatureUnionParams, makeUnion, type UnionPart } from "./feature_union.js";
export { type FitParams, makePipeline, Pipeline, type PipelineParams, type Step, type Steps } from "./pipeline.js";
