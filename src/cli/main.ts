// The command line: what it takes and which file does it. Commands are loaded when they are called, so that a quick one starts quickly.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { missingPeer } from "../peers.js";
import { BifoldError } from "../runtime/errors.js";
import { describeError, internalError } from "./failure.js";
import { Reported } from "./source.js";

const count = (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("expected a whole number of at least 1");
  return n;
};
const dtype = () => new Option("--dtype <dtype>", "what `real` is").choices(["float32", "float64"]);

function commands(done: (code: number) => void): Command {
  const program = new Command("bifold")
    .description("Fold: array equations, compiled to WebAssembly and WebGPU")
    .exitOverride();
  program
    .command("check")
    .description("say what is wrong with files")
    .argument("<files...>")
    .action(async (files) => done((await import("./check.js")).check(files)));
  program
    .command("build")
    .description("make an ES module with typed declarations of each file")
    .argument("<files...>")
    .requiredOption("--out <dir>", "where the modules go")
    .option("--runtime <specifier>", "what the modules import the runtime from", "bifold/runtime")
    .action(async (files, options) => done(await (await import("./build.js")).build(files, options)));
  program
    .command("test")
    .description("run the tests in files")
    .argument("<files...>")
    .addOption(new Option("--backend <backend>").choices(["cpu", "webgpu", "interpreter", "all"]).default("all"))
    .action(async (files, options) => done(await (await import("./test.js")).test(files, options.backend)));
  program
    .command("run")
    .description("call one exported function and print its result as JSON")
    .argument("<file>")
    .argument("<function>")
    .requiredOption("--args <file>", "JSON: parameter names to numbers, nested lists, records, or .npy paths")
    .addOption(new Option("--backend <backend>").choices(["cpu", "webgpu", "interpreter"]).default("cpu"))
    .addOption(dtype())
    .option("--threads <n>", "threads of the CPU backend", count)
    .option("--repeat <n>", "how often to call it", count, 1)
    .action(async (file, name, options) => done(await (await import("./run.js")).run(file, name, options)));
  program
    .command("bench")
    .description("measure one exported function on the CPU: time, work, and the share of this machine's peak")
    .argument("<file>")
    .argument("<function>")
    .requiredOption("--args <file>", "JSON, as for run")
    .addOption(dtype().default("float64"))
    .option("--threads <n>", "threads", count)
    .option("--seconds <s>", "how long to measure, about", Number, 1)
    .addOption(new Option("--by <part>", "also each top-level statement on its own").choices(["nest"]))
    .option("--schedule <file>", "a schedule to use instead of the compiler's own")
    .action(async (file, name, options) => done(await (await import("./bench.js")).bench(file, name, options)));
  program
    .command("inspect")
    .description("show what a function becomes at a stage of the compiler")
    .argument("<file>")
    .argument("<function>")
    .addOption(
      new Option("--stage <stage>")
        .choices(["ast", "nest", "fused", "schedule", "loop", "wat", "wgsl", "plan"])
        .default("fused"),
    )
    .addOption(dtype().default("float32"))
    .option("--schedule <file>", "a schedule to use instead of the compiler's own")
    .action(async (file, name, options) => done(await (await import("./inspect.js")).inspect(file, name, options)));
  program
    .command("fmt")
    .description("put files into the canonical layout")
    .argument("<files...>")
    .option("--check", "only say which are not in it")
    .action(async (files, options) => done((await import("./fmt.js")).fmt(files, options.check ?? false)));
  program
    .command("explain")
    .description("explain an error code")
    .argument("<code>")
    .action(async (code) => done((await import("./explain.js")).explain(code)));
  return program;
}

/** Runs a command line (without the program's name) and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await commands((c) => {
      code = c;
    }).parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof Reported) return 1;
    if (!(error instanceof Error) || missingPeer(error)) throw error;
    const traced = argv.includes("--trace") ? `\n${error.stack}` : "";
    process.stderr.write(`${error instanceof BifoldError ? describeError(error) : internalError(error)}${traced}\n`);
    return error instanceof BifoldError ? 1 : 70;
  }
}
