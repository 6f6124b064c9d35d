// An array inside a point whose size the host can't bound: there is no room to give it. A limit of the target, and no defect of the compiler:
// commands report it as an error of the program.

export class Unbounded extends Error {
  readonly code = "unsupported";

  constructor(readonly array: string) {
    super(
      `WebGPU can't make room for ${array}, whose size depends on data in a way that has no bound: ask for one before it is made, as in \`require k <= n else "…"\``,
    );
  }
}
