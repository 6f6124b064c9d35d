// Every error code with its long form: what `bifold explain S02` prints.
import type { CodeEntry } from "./entry.js";
import { loopCodes } from "./loops.js";
import { nameCodes } from "./names.js";
import { parseCodes } from "./parse.js";
import { runtimeCodes } from "./runtime.js";
import { sizeCodes } from "./sizes.js";
import { typeCodes } from "./types.js";
import { useCodes } from "./use.js";

/** By code, in the order of the families. */
export const codes: Readonly<Record<string, CodeEntry>> = {
  ...parseCodes,
  ...nameCodes,
  ...sizeCodes,
  ...typeCodes,
  ...loopCodes,
  ...useCodes,
  ...runtimeCodes,
};

export const explain = (code: string): CodeEntry | undefined => (Object.hasOwn(codes, code) ? codes[code] : undefined);
