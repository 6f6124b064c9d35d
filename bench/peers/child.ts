// A peer in a process of its own, which answers one JSON line to each that it is sent. Whatever it says besides goes to the screen.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { rest } from "../machine.js";

export class PeerProcess {
  private readonly waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a peer; `env` is added to this process's environment. */
  static start(name: string, command: readonly string[], env: Readonly<Record<string, string>> = {}): PeerProcess {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    const peer = new PeerProcess(name, child);
    const { stdout } = child;
    if (!stdout) throw new Error("a peer without output");
    createInterface({ input: stdout }).on("line", (line) => peer.take(line));
    child.on("error", (error) => peer.fail(error));
    child.on("exit", (code, signal) => peer.fail(new Error(`${name} ended (${signal ?? code})`)));
    return peer;
  }

  /** Sends a request and waits for its answer. @throws what the peer says went wrong, or that it ended */
  async ask<A>(request: object): Promise<A> {
    await rest();
    return new Promise<A>((resolve, reject) => {
      this.waiting.push({ resolve: (answer) => resolve(answer as A), reject });
      this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  stop(): void {
    this.child.stdin?.end();
    this.child.kill();
  }

  private take(line: string): void {
    const next = this.waiting.shift();
    if (!next) return;
    const { error, ...answer } = JSON.parse(line) as { error?: string };
    if (error === undefined) next.resolve(answer);
    else next.reject(new Error(`${this.name}: ${error}`));
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
