// What `npm run bench` asks of a process of peers, and what it is told.

export interface SampleOptions {
  readonly threads: number;
  /** The module of our kernels. */
  readonly kernels: string;
  readonly peers: readonly string[];
  /** How long one sample should take at least, and how many are taken of each peer. */
  readonly sampleSeconds: number;
  readonly rounds: number;
}

export interface PeersAnswer {
  readonly peers: readonly { readonly name: string; readonly title?: string; readonly missing?: string }[];
}

/** Seconds a call, by peer; and why those that should have run did not. */
export interface Samples {
  readonly seconds: Readonly<Record<string, readonly number[]>>;
  readonly failed: Readonly<Record<string, string>>;
}
