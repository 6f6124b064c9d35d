// The allocator never hands out overlapping ranges, reuses what was freed, and merges neighbours (checked on random histories).
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Allocator } from "./allocator.js";

describe("Allocator", () => {
  it("keeps live ranges apart and returns to zero", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(5000)), { maxLength: 200 }), (steps) => {
        const allocator = new Allocator(100, 1 << 14, (needed) => needed * 2);
        const live: { at: number; bytes: number }[] = [];
        for (const [take, n] of steps) {
          if (take || live.length === 0) {
            const at = allocator.allocate(n);
            expect(at % 64).toBe(0);
            for (const r of live) expect(at >= r.at + r.bytes || at + n <= r.at).toBe(true);
            live.push({ at, bytes: n });
          } else allocator.free(live.splice(n % live.length, 1)[0]!.at);
        }
        for (const r of live) allocator.free(r.at);
        expect(allocator.liveBytes).toBe(0);
      }),
    );
  });

  it("joins freed neighbours before it grows", () => {
    const allocator = new Allocator(64, 64 + 1024, () => {
      throw new Error("must not grow");
    });
    const parts = Array.from({ length: 16 }, () => allocator.allocate(64));
    for (const p of parts.slice(0, 15)) allocator.free(p);
    expect(allocator.allocate(640)).toBe(parts[0]);
  });

  it("names a double free", () => {
    const allocator = new Allocator(64, 1024, (n) => n);
    const at = allocator.allocate(10);
    allocator.free(at);
    expect(() => allocator.free(at)).toThrow("freed twice");
  });
});
