// An array inside a point whose size the host can't bound: there is no room to give it.

export class Unbounded extends Error {
  constructor(readonly array: string) {
    super(`the size of ${array} depends on data in a way that has no bound`);
  }
}
