// The allocator of the one WASM memory: addresses that are multiples of 64, exact-size bins for what was freed, and merging of
// neighbours when a bin has nothing. Pure bookkeeping: it never touches the memory itself, only asks for it to grow.

const ALIGN = 64;
const roundUp = (bytes: number): number => Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);

/** Hands out byte ranges below a limit that `grow` raises. */
export class Allocator {
  private readonly bins = new Map<number, number[]>();
  private readonly sizes = new Map<number, number>();
  private top: number;
  private limit: number;
  private live = 0;

  /** `grow(needed)` makes the memory at least `needed` bytes long and returns its new length; it throws where it can't. */
  constructor(
    start: number,
    limit: number,
    private readonly grow: (needed: number) => number,
  ) {
    this.top = roundUp(start);
    this.limit = limit;
  }

  /** Bytes handed out and not freed, as they were rounded. */
  get liveBytes(): number {
    return this.live;
  }

  /** The address of `bytes` bytes, a multiple of 64. Contents are undefined. Throws what `grow` throws. */
  allocate(bytes: number): number {
    const size = roundUp(bytes);
    let address = this.bins.get(size)?.pop() ?? this.fromTop(size) ?? this.merged(size);
    if (address === undefined) {
      this.limit = this.grow(this.top + size);
      address = this.top;
      this.top += size;
    }
    this.sizes.set(address, size);
    this.live += size;
    return address;
  }

  free(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) throw new Error(`internal: ${address} was freed twice or never allocated`);
    this.sizes.delete(address);
    this.live -= size;
    if (address + size === this.top) this.top = address;
    else this.put(address, size);
  }

  private put(address: number, size: number): void {
    const bin = this.bins.get(size);
    if (bin) bin.push(address);
    else this.bins.set(size, [address]);
  }

  private fromTop(size: number): number | undefined {
    if (this.top + size > this.limit) return undefined;
    const address = this.top;
    this.top += size;
    return address;
  }

  /** Joins neighbouring free ranges, then takes the smallest that is large enough. */
  private merged(size: number): number | undefined {
    const ranges = [...this.bins]
      .flatMap(([bytes, list]) => list.map((address) => ({ address, bytes })))
      .sort((a, b) => a.address - b.address);
    this.bins.clear();
    const joined: { address: number; bytes: number }[] = [];
    for (const r of ranges) {
      const last = joined.at(-1);
      if (last && last.address + last.bytes === r.address) last.bytes += r.bytes;
      else joined.push({ ...r });
    }
    const last = joined.at(-1);
    if (last && last.address + last.bytes === this.top) {
      this.top = last.address;
      joined.pop();
    }
    const fit = joined.filter((r) => r.bytes >= size).sort((a, b) => a.bytes - b.bytes)[0];
    for (const r of joined) {
      if (r !== fit) this.put(r.address, r.bytes);
      else if (r.bytes > size) this.put(r.address + size, r.bytes - size);
    }
    return fit ? fit.address : this.fromTop(size);
  }
}
