// One tiny kernel a pass: the golden file shows it before and after. `npx vitest run src/ir/passes -u` writes them anew.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseKernel } from "../nest-parse.js";
import { printKernel } from "../nest-print.js";
import { runPassesInStages } from "../pipeline.js";

const folder = join(import.meta.dirname, "../../../tests/golden/passes");
const inputs = readdirSync(folder).filter((f) => f.endsWith(".in"));

describe("golden files of the passes", () => {
  it.each(inputs)("%s", async (file) => {
    const kernel = parseKernel(readFileSync(join(folder, file), "utf8"));
    const stages = runPassesInStages(kernel, { fusion: true, target: "wasm" });
    const text = stages.map((s) => `# after ${s.pass}\n${printKernel(s.kernel, { plain: true })}`).join("\n");
    await expect(text).toMatchFileSnapshot(join(folder, file.replace(/\.in$/, ".txt")));
  });
});
