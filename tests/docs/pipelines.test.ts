// The code of docs/pipelines.md: it runs, and does what the page says.
import { expect, test } from "vitest";
import { fromJSON } from "../../estimators/base/index.js";
import { Ridge } from "../../estimators/linear_model/index.js";
import {
  crossValidate,
  GridSearchCV,
  KFold,
  loguniform,
  RandomizedSearchCV,
  trainTestSplit,
} from "../../estimators/model_selection/index.js";
import { FeatureUnion, makePipeline, Pipeline } from "../../estimators/pipeline/index.js";
import { MinMaxScaler, StandardScaler } from "../../estimators/preprocessing/index.js";

const X = Array.from({ length: 40 }, (_, i) => [i % 7, (i * i) % 11, (i % 5) / 4]);
const y = X.map(([a = 0, b = 0, c = 0]) => 2 * a - b + 3 * c);
const weights = X.map((_, i) => 1 + (i % 2));

const model = makePipeline(new StandardScaler(), new Ridge({ alpha: 0.1 }));
await model.fit(X, y, { ridge__sampleWeight: weights });
const predicted = await model.predict(X);
model.setParams({ ridge__alpha: 1 });

const named = new Pipeline([
  [
    "scales",
    new FeatureUnion([
      ["z", new StandardScaler()],
      ["unit", new MinMaxScaler()],
    ]),
  ],
  ["ridge", new Ridge()],
]);
await named.fit(X, y);
const { coef_ } = named.namedSteps.ridge;

const steps: string[] = [];
const { test_r2, train_r2, fitTime } = await crossValidate(model, X, y, {
  cv: new KFold({ nSplits: 4, shuffle: true, randomState: 0 }),
  scoring: ["r2", "neg_mean_squared_error"],
  returnTrainScore: true,
  onProgress: ({ done, total }) => steps.push(`${done} of ${total}`),
});

const search = new GridSearchCV({
  estimator: model,
  paramGrid: { ridge__alpha: [0.01, 0.1, 1], ridge__fitIntercept: [true, false] },
  cv: 3,
});
await search.fit(X, y);
const { bestParams_, bestScore_, cvResults_ } = search;

const text = JSON.stringify(await named.toJSON());
const again = await fromJSON(text, [Pipeline, FeatureUnion, StandardScaler, MinMaxScaler, Ridge], { device: "webgpu" });

test("the page's code gives what the page says", async () => {
  expect(predicted.shape).toEqual([40]);
  expect(coef_.shape).toEqual([6]);
  expect(Math.min(...test_r2, ...(train_r2 ?? []))).toBeGreaterThan(0.9);
  expect([steps.at(-1), fitTime.length]).toEqual(["4 of 4", 4]);
  expect(bestParams_).toHaveProperty("ridge__alpha");
  expect(bestScore_).toBe(Math.max(...(cvResults_.meanTestScore ?? [])));
  expect((again as Pipeline).namedSteps["ridge"]).toBeInstanceOf(Ridge);
  const [XTrain, XTest] = await trainTestSplit(X, y, { testSize: 0.25, randomState: 0 });
  expect([XTrain.shape[0], XTest.shape[0]]).toEqual([30, 10]);
  const drawn = new RandomizedSearchCV({
    estimator: model,
    paramDistributions: { ridge__alpha: loguniform(1e-3, 10) },
    nIter: 3,
  });
  expect((await drawn.fit(X, y)).cvResults_.params.length).toBe(3);
});
