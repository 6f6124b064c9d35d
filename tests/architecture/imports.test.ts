// Imports point one way: grammar <- compiler <- ir <- codegen <- compile.ts <- cli, plugin, and runtime <- array <- estimators. The two sides share
// src/abi.ts alone, so that what is shipped carries nothing of the compiler. Estimators hold no math: they read no elements.
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const filesIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join("/")))
    .filter((name) => name.endsWith(".ts") && !/\.(test|d|d\.fold)\.ts$/.test(name) && !name.includes("/testing/"));

const sources = ["grammar", "src", "estimators"].flatMap(filesIn);

/** The files that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = fs.readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((m) =>
    path.posix.join(path.posix.dirname(file), (m[1] ?? "").replace(/\.js$/, ".ts")),
  );
}

/** Parts, and the parts that they may import besides themselves. The first that a file's path begins with is its own. */
const parts: readonly (readonly [part: string, may: readonly string[]])[] = [
  ["grammar/", ["src/compiler/"]],
  ["src/abi.ts", []],
  ["src/random/", ["src/runtime/errors.ts"]],
  // Which packages the tools want, and what to install.
  ["src/peers.ts", []],
  ["src/runtime/", ["src/abi.ts"]],
  ["src/array/", ["src/runtime/", "src/abi.ts"]],
  ["src/index.ts", ["src/runtime/", "src/random/", "src/abi.ts"]],
  ["estimators/", ["src/runtime/", "src/array/", "src/random/"]],
  ["src/compiler/", ["grammar/"]],
  ["src/ir/", ["src/compiler/", "src/abi.ts"]],
  ["src/codegen/", ["src/ir/", "src/compiler/", "src/abi.ts"]],
  // What compiles in memory hands the runtime an artifact: its type is the runtime's, and so are its errors.
  [
    "src/compile.ts",
    ["src/codegen/", "src/ir/", "src/compiler/", "src/abi.ts", "src/runtime/device.ts", "src/runtime/errors.ts"],
  ],
  ["src/cli/", ["src/", "grammar/"]],
  ["src/plugin/", ["src/compile.ts", "src/codegen/", "src/compiler/", "src/abi.ts", "src/peers.ts"]],
];

const partOf = (file: string) => parts.find(([part]) => file.startsWith(part));

describe("imports point one way", () => {
  test("every file belongs to a part", () => {
    expect(sources.filter((file) => !partOf(file))).toEqual([]);
  });

  test("no file imports from a part that it may not know", () => {
    const wrong = sources.flatMap((file) => {
      const [own = "", may = []] = partOf(file) ?? [];
      return importsOf(file)
        .filter((to) => !to.endsWith(".fold") && !to.startsWith(own) && !may.some((m) => to.startsWith(m)))
        .map((to) => `${file} imports ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  test("the reading of imports finds them", () => {
    expect(importsOf("src/runtime/call.ts")).toContain("src/abi.ts");
    expect(importsOf("src/compile.ts")).toContain("src/codegen/wasm/index.ts");
  });
});

describe("estimators hold no math", () => {
  /** What reads elements for good reasons. */
  const listed = [
    // Draws that must be NumPy's, in its order.
    "estimators/cluster/kmeans.ts",
    // Elements as bytes in a text.
    "estimators/saved/",
    // How many columns come out; which rows are tried.
    "estimators/preprocessing/monomials.ts",
    "estimators/preprocessing/function_transformer.ts",
    // Which rows belong together: classes of labels, indices of folds; statistics of scores, which are numbers of the host.
    "estimators/model_selection/labels.ts",
    "estimators/model_selection/sizes.ts",
    "estimators/model_selection/stratified.ts",
    "estimators/model_selection/distributions.ts",
    "estimators/model_selection/statistics.ts",
  ];
  test("none reads the elements of an array", () => {
    const reading = filesIn("estimators").filter(
      (file) =>
        !listed.some((part) => file.startsWith(part)) &&
        /\.(data|toArray)\(\)|Float(32|64)Array|Math\.(?!min|max)/.test(fs.readFileSync(file, "utf8")),
    );
    expect(reading).toEqual([]);
  });
});
