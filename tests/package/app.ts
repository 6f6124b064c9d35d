// The app that the tests bundle: it fits a line whose every step is exact in single precision.
import { expect } from "vitest";

interface Parts {
  readonly imports: string;
  readonly statements: string;
  readonly fields: string;
}

const appOf = ({ imports, statements, fields }: Parts): string => `
import { asarray } from "bifold";
${imports}
import { Ridge } from "bifold/linear_model";

async function fit() {
  const X = await asarray(new Float32Array([0, 0, 4, 4]), { shape: [4, 1] });
  const y = await asarray(new Float32Array([1, 1, 9, 9]));
  const model = await new Ridge({ alpha: 0 }).fit(X, y);
  const predicted = await model.predict(await asarray(new Float32Array([10]), { shape: [1, 1] }));
  const unfitted = await new Ridge().predict([[1]]).catch((error) => error);
  ${statements}
  return {
    ${fields}
    coef: await model.coef_.toArray(),
    intercept: await model.intercept_.toArray(),
    predicted: await predicted.toArray(),
    complaint: unfitted.message,
  };
}

globalThis.fitted = fit();
globalThis.fitted.then((result) => console.log(JSON.stringify(result)));
`;

/** Ridge alone: what a browser fetches for it is promised. */
export const ridgeApp = appOf({ imports: "", statements: "", fields: "" });

/** Ridge, and a data set, which is a file of its own. */
export const app = appOf({
  imports: 'import { loadIris } from "bifold/datasets";',
  statements: "const [flowers, kinds] = await loadIris({ returnXy: true });",
  fields: "flowers: [flowers.shape, (await kinds.data())[149]],",
});

export const appResult = {
  flowers: [[150, 4], 2],
  coef: [2],
  intercept: 1,
  predicted: [21],
  complaint: expect.stringContaining("this Ridge is not fitted yet"),
};
