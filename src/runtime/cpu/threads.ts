// The team of workers that take part in the forks of kernels (`abi.ts`, TEAM). A worker spins on the epoch, works when it changes, and sleeps
// after a while. It is handed new modules by message: the count of mail, raised with the epoch, sends it back to its event loop for them.
import { TEAM, WASM_WORK } from "../../abi.js";
import type { WasmMemory } from "./memory.js";
import type { LoadedModule } from "./module.js";

/**
 * What a worker runs. It is turned into a source string, so it must not refer to anything outside itself. `spins` look-ups take about 50 us.
 */
function workerMain(
  port: { postMessage(message: unknown): void },
  listen: (handler: (message: unknown) => void) => void,
): void {
  const work = new Map<number, () => void>();
  const spins = 20_000;
  let start: WorkerStart;
  let mail = 0;
  const serve = (): void => {
    // The memory may grow: a shared one's buffer stays valid for what it spans, and the record is near its start.
    const cells = new Int32Array(start.memory.buffer, start.team);
    const at = (offset: number): number => offset >> 2;
    const { cells: offset } = start;
    let epoch = Atomics.load(cells, at(offset.epoch));
    for (;;) {
      if (Atomics.load(cells, at(offset.mail)) !== mail) return;
      for (let k = 0; k < spins && Atomics.load(cells, at(offset.epoch)) === epoch; k++);
      if (Atomics.load(cells, at(offset.epoch)) === epoch) {
        Atomics.add(cells, at(offset.sleeping), 1);
        Atomics.wait(cells, at(offset.epoch), epoch);
        Atomics.sub(cells, at(offset.sleeping), 1);
      }
      epoch = Atomics.load(cells, at(offset.epoch));
      work.get(Atomics.load(cells, at(offset.module)))?.();
    }
  };
  listen((message) => {
    const m = message as WorkerMessage;
    if (m.start) start = m.start;
    mail = m.mail;
    if (m.load) {
      const value = (v: number) => new WebAssembly.Global({ value: "i32", mutable: false }, v);
      const { id, module } = m.load;
      const instance = new WebAssembly.Instance(module, {
        env: { memory: start.memory, team: value(start.team), module: value(id) },
      });
      work.set(id, instance.exports[start.entry] as () => void);
    }
    port.postMessage("ready");
    serve();
  });
}

interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly team: number;
  readonly cells: { readonly epoch: number; readonly mail: number; readonly sleeping: number; readonly module: number };
  readonly entry: string;
}

interface WorkerMessage {
  readonly start?: WorkerStart;
  readonly load?: { readonly id: number; readonly module: WebAssembly.Module };
  /** The count of mail with this message. */
  readonly mail: number;
}

/** A worker of either kind, as far as this file needs it. */
interface WorkerHandle {
  postMessage(message: unknown): void;
  /** Of the next message that comes back, or the error that comes in its place. */
  answer(): Promise<void>;
  terminate(): void;
}

function startNodeWorker(): WorkerHandle {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const source = `const { parentPort } = require("node:worker_threads");(${workerMain.toString()})(parentPort, (f) => parentPort.on("message", f));`;
  const worker = new Worker(source, { eval: true });
  worker.unref();
  return {
    postMessage: (m) => worker.postMessage(m),
    answer: () =>
      new Promise((resolve, reject) => {
        const heard = (then: () => void) => (): void => {
          for (const [event, f] of Object.entries(listeners)) worker.off(event, f);
          then();
        };
        const listeners = {
          message: heard(resolve),
          error: heard(() => reject(new Error("a worker failed"))),
          exit: heard(() => reject(new Error("a worker ended"))),
        };
        for (const [event, f] of Object.entries(listeners)) worker.once(event, f);
      }),
    terminate: () => void worker.terminate(),
  };
}

/** In turn: the given URL, `blob:`, `data:` (a content security policy may block some). */
function startWebWorker(workerUrl: string | undefined): WorkerHandle {
  const source = `(${workerMain.toString()})(self, (f) => { self.onmessage = (e) => f(e.data); });`;
  const urls = [
    ...(workerUrl ? [workerUrl] : []),
    URL.createObjectURL(new Blob([source], { type: "text/javascript" })),
    `data:text/javascript,${encodeURIComponent(source)}`,
  ];
  let refused: unknown;
  for (const url of urls) {
    try {
      const worker = new Worker(url);
      return {
        postMessage: (m) => worker.postMessage(m),
        answer: () =>
          new Promise((resolve, reject) => {
            const heard = new AbortController();
            const once = (event: "message" | "error", then: (e: unknown) => void): void =>
              worker.addEventListener(
                event,
                (e) => {
                  heard.abort();
                  then(e);
                },
                { signal: heard.signal },
              );
            once("message", () => resolve());
            once("error", reject);
          }),
        terminate: () => worker.terminate(),
      };
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

/** The workers of one memory. Where they can't be started, everything runs on the caller's thread: `size` is then 1. */
export class Team {
  private readonly workers: WorkerHandle[] = [];
  private readonly cells: () => Int32Array;
  /** Loads wait for each other: a worker takes one message at a time. */
  private loading: Promise<void> = Promise.resolve();
  private readonly stopped: Promise<void>;
  private noteStopped!: () => void;

  private constructor(memory: WasmMemory) {
    this.cells = () => new Int32Array(memory.memory.buffer, memory.team, TEAM.bytes >> 2);
    this.stopped = new Promise((done) => {
      this.noteStopped = done;
    });
  }

  /** Threads that take part in a fork, the caller's included. */
  get size(): number {
    return this.workers.length + 1;
  }

  /** A team of `threads` threads over a shared memory (`threads` of 1 starts none). */
  static async start(memory: WasmMemory, threads: number, workerUrl?: string): Promise<Team> {
    const team = new Team(memory);
    if (!memory.shared || threads <= 1) return team;
    try {
      for (let k = 1; k < threads; k++)
        team.workers.push(
          typeof process === "object" && typeof process.getBuiltinModule === "function"
            ? startNodeWorker()
            : startWebWorker(workerUrl),
        );
      await team.tell({ start: { memory: memory.memory, team: memory.team, cells: TEAM, entry: WASM_WORK } });
      Atomics.store(team.cells(), TEAM.workers >> 2, team.workers.length);
    } catch {
      // Workers are an acceleration: a policy that forbids them must not stop the computation.
      team.stop();
    }
    return team;
  }

  /** Gives the workers a new module, before its first kernel is called. One that can't take it ends the team. */
  async load(module: LoadedModule): Promise<void> {
    if (this.workers.length === 0) return;
    this.loading = this.loading
      .then(() => this.tell({ load: { id: module.id, module: module.module } }))
      .catch(() => this.stop());
    await this.loading;
  }

  stop(): void {
    this.noteStopped();
    for (const w of this.workers) w.terminate();
    this.workers.length = 0;
    Atomics.store(this.cells(), TEAM.workers >> 2, 0);
  }

  /** Resolves when every worker has taken the message and waits for work again, or the team was stopped; rejects when one can't. */
  private async tell(message: Omit<WorkerMessage, "mail">): Promise<void> {
    const cells = this.cells();
    const mail = Atomics.add(cells, TEAM.mail >> 2, 1) + 1;
    const taken = this.workers.map(async (w) => {
      const answer = w.answer();
      w.postMessage({ ...message, mail });
      await answer;
    });
    Atomics.add(cells, TEAM.epoch >> 2, 1);
    Atomics.notify(cells, TEAM.epoch >> 2);
    await Promise.race([Promise.all(taken), this.stopped]);
  }
}
