// Nested lists become host values by their type, and come back.
import { expect, test } from "vitest";
import { sizeConstant } from "../../compiler/size.js";
import type { ScalarType, ValueType } from "../../compiler/typed.js";
import { fromNested, toNested } from "./value.js";

const array = (element: ScalarType, rank: number): ValueType => ({
  kind: "array",
  element,
  shape: Array.from({ length: rank }, () => sizeConstant(0)),
});

const read = (json: unknown, type: ValueType): unknown => {
  const r = fromNested(json, type);
  return "problem" in r ? r.problem : r.value;
};

test("lists become arrays of their type", () => {
  expect(
    read(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      array("real", 2),
    ),
  ).toEqual({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  expect(read([true, 0], array("bool", 1))).toEqual({ shape: [2], data: Uint8Array.of(1, 0) });
  expect(read([4294967295], array("u32", 1))).toEqual({ shape: [1], data: Uint32Array.of(4294967295) });
  expect(fromNested([0.1], array("real", 1), "float32")).toEqual({ value: { shape: [1], data: Float32Array.of(0.1) } });
  expect(read(["NaN", "-Infinity"], array("real", 1))).toEqual({
    shape: [2],
    data: Float64Array.of(Number.NaN, -Infinity),
  });
});

test("an empty list takes the type's rank", () => {
  expect(read([], array("real", 3))).toMatchObject({ shape: [0, 0, 0] });
  expect(read([[], []], array("real", 3))).toMatchObject({ shape: [2, 0, 0] });
});

test("what does not fit is said", () => {
  expect(read([[1], [2, 3]], array("real", 2))).toBe("the lists on level 2 differ in length");
  expect(read([1], array("real", 2))).toBe("expected lists nested 2 deep, got 1");
  expect(read([0.5], array("i32", 1))).toBe("0.5 is no i32");
  expect(read(-1, { kind: "scalar", scalar: "u32" })).toBe("-1 is no u32");
  expect(read({ a: 1 }, { kind: "record", fields: [{ name: "b", type: { kind: "scalar", scalar: "real" } }] })).toBe(
    "field b is missing",
  );
});

test("values come back as they were", () => {
  for (const [json, type] of [
    [
      [
        [1, 2],
        [3, 4],
      ],
      array("i32", 2),
    ],
    [[true, false], array("bool", 1)],
    [[[], []], array("real", 2)],
    [
      { a: [1.5], b: true },
      {
        kind: "record",
        fields: [
          { name: "a", type: array("real", 1) },
          { name: "b", type: { kind: "scalar", scalar: "bool" } },
        ],
      },
    ],
  ] as const satisfies readonly (readonly [unknown, ValueType])[]) {
    const r = fromNested(json, type);
    expect("value" in r ? toNested(r.value) : r.problem).toEqual(json);
  }
});
