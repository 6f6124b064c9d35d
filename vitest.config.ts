// Vitest's settings: where the tests are, and limits that suit a two-core machine.
// The estimators' and parity tests import `.fold` files through the plugin, which needs the WASM code generator: they join when it is whole.
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{grammar,src,stdlib,estimators,tests}/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "tests/estimators/**", "tests/parity/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
