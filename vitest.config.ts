// Vitest's settings: where the tests are, limits that suit a two-core machine, and the plugin that compiles `.fold` imports.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import fold from "./src/plugin/vite.js";

export default defineConfig({
  plugins: [fold()],
  resolve: { alias: { "bifold/runtime": fileURLToPath(new URL("src/runtime/index.ts", import.meta.url)) } },
  test: {
    include: ["{grammar,src,stdlib,estimators,tests}/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
