// Vitest's settings: where the tests are, and limits that suit a two-core machine.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{grammar,src,stdlib,estimators,tests}/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
