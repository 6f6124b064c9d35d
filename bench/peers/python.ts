// Where Python is, and which of the packages that are measured against it has.
import { execFileSync } from "node:child_process";
import { PeerProcess } from "./child.js";

export interface Python {
  readonly command: string;
  /** `scikit-learn 1.9.1, numpy 2.4.6`, for the tables. */
  readonly versions: string;
}

const script = `
import sys, json
import numpy, scipy, sklearn
print(json.dumps([sys.version.split()[0], numpy.__version__, scipy.__version__, sklearn.__version__]))
`;

/** One of our programs in Python, whose libraries have so many threads. */
export const startPython = (name: string, { command }: Python, program: string, threads: number): PeerProcess =>
  PeerProcess.start(name, [command, program], {
    PYTHONPATH: "bench/peers",
    ...Object.fromEntries(["OPENBLAS", "OMP", "MKL"].map((library) => [`${library}_NUM_THREADS`, `${threads}`])),
  });

/** The first of `commands` that runs Python with NumPy, SciPy and scikit-learn; or why none does. */
export function findPython(commands: readonly string[] = ["python3", "python"]): Python | string {
  const failures: string[] = [];
  for (const command of commands) {
    try {
      const text = execFileSync(command, ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      const [python, numpy, scipy, sklearn] = JSON.parse(text) as readonly string[];
      return { command, versions: `scikit-learn ${sklearn}, NumPy ${numpy}, SciPy ${scipy}, Python ${python}` };
    } catch (error) {
      const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
      failures.push(`${command}: ${said.split("\n").at(-1) ?? ""}`);
    }
  }
  return failures.join("; ");
}
