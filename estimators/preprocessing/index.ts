// bifold/preprocessing
export { MaxAbsScaler, type MaxAbsScalerParams } from "./max_abs_scaler.js";
export { StandardScaler, type StandardScalerParams } from "./standard_scaler.js";
