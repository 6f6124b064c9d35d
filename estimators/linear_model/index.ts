// bifold/linear_model
export { LinearRegression, type LinearRegressionParams } from "./linear_regression.js";
export { Ridge, type RidgeParams } from "./ridge.js";
