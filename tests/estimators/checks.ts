// The checks that every estimator passes on every device: the beginning of a check_estimator.
import { inputChecks } from "./checks-of-input.js";
import { modelChecks } from "./checks-of-models.js";
import type { Check } from "./subject.js";

export const checks: readonly Check[] = [...inputChecks, ...modelChecks];
