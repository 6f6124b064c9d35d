// The host's arithmetic on bits has the device's meaning: sizes of arrays may be worked out with it.
import { describe, expect, it } from "vitest";
import { hostOps as planned } from "../../src/ir/schedule-gpu/host.js";
import { evaluate, hostOps } from "../../src/runtime/webgpu/host.js";

describe("bits on the host", () => {
  it.each([
    ["bitAnd", "i32", -2, 7, 6],
    ["bitOr", "u32", 0x80000000, 1, 0x80000001],
    ["bitXor", "i32", -1, 1, -2],
    ["bitNot", "u32", 0, 0, 0xffffffff],
    ["shiftLeft", "i32", 1, 31, -(2 ** 31)],
    ["shiftLeft", "u32", 3, 33, 6],
    ["shiftRight", "i32", -8, 1, -4],
    ["shiftRight", "u32", 0xfffffff8, 1, 0x7ffffffc],
    ["countLeadingZeros", "u32", 0, 0, 32],
    ["countLeadingZeros", "i32", 9, 0, 28],
  ] as const)("%s of %s", (op, type, a, b, result) => {
    expect(evaluate([op, type, a, b], new Map())).toBe(result);
  });

  it("has every operation that plans are made with", () => {
    expect([...planned].filter((op) => !hostOps.has(op))).toEqual([]);
  });
});
