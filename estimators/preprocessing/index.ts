// bifold/preprocessing
export { StandardScaler, type StandardScalerParams } from "./standard_scaler.js";
