// The programs that a build has read: each is checked once, until one of its texts changes.
import fs from "node:fs";
import path from "node:path";
import type { Diagnostic, SourceFile } from "../compiler/diagnostic.js";
import { loadProgram } from "../compiler/load.js";
import type { Program } from "../compiler/typed.js";

export interface Opened {
  /** Absent where there are errors. */
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** What was read from the disk, by full path; `undefined` for a file that was looked for in vain. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

const readText = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;

/** Programs by their files. Messages speak of a file by its path from `root`, which means the same on every machine. */
export class Programs {
  private readonly opened = new Map<string, Opened>();

  open(file: string, root: string): Opened {
    const known = this.opened.get(file);
    if (known && [...known.texts].every(([name, text]) => readText(name) === text)) return known;
    const texts = new Map<string, string | undefined>();
    const within = path.relative(root, file);
    const name = within.startsWith("..") || path.isAbsolute(within) ? file : within.split(path.sep).join("/");
    const loaded = loadProgram(name, (part) => {
      const full = path.resolve(root, part);
      const text = readText(full);
      texts.set(full, text);
      return text;
    });
    const made = { ...loaded, texts };
    this.opened.set(file, made);
    return made;
  }
}
