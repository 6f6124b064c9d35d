// The command line in the package, where the packages that compile may be missing: then it says what to install.
import { missingPeer } from "../peers.js";

/** Runs a command line (without the program's name) and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await (await import("./main.js")).main(argv);
  } catch (error) {
    const advice = missingPeer(error);
    if (advice === undefined) throw error;
    process.stderr.write(`error: ${advice}\n`);
    return 1;
  }
}
