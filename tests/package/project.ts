// Projects of users, for the tests: an empty folder into which npm installs the package as it would be published.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `npm test` sets for its own script would make another npm believe that it works here. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|VITEST)/i.test(name)),
);

/** How long the first test may wait for the package: it is built and packed when the sources have changed. */
export const packTime = 300_000;

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class Project {
  constructor(readonly folder: string) {}

  /** Writes files by their names. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = this.path(name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  }

  path(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  run(command: string, ...args: readonly string[]): Run {
    const done = spawnSync(command, args, { cwd: this.folder, encoding: "utf8", env: environment });
    return { code: done.status, out: done.stdout, err: done.stderr };
  }

  /** Makes packages of the checkout's own node_modules visible: they stand for what a user has installed too. */
  link(...names: readonly string[]): void {
    for (const name of names) {
      fs.mkdirSync(path.dirname(this.path("node_modules", name)), { recursive: true });
      fs.symlinkSync(path.join(root, "node_modules", name), this.path("node_modules", name));
    }
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A project with the package in it and nothing else. */
export function installed(): Project {
  const tarball = execFileSync(process.execPath, [path.join(root, "scripts", "pack.mjs")], {
    encoding: "utf8",
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
  const project = new Project(fs.mkdtempSync(path.join(os.tmpdir(), "bifold-project-")));
  project.write({ "package.json": '{ "name": "project", "private": true, "type": "module" }\n' });
  const { code, out, err } = project.run("npm", "install", "--offline", "--no-audit", "--no-fund", tarball);
  if (code !== 0) throw new Error(`npm install failed:\n${out}${err}`);
  return project;
}
