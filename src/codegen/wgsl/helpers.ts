// WGSL functions that the text of kernels calls: what the language promises where WGSL's own operations do not. A kernel's text
// holds those that it uses. As functions they also keep constants out of constant expressions, which WGSL refuses to overflow.

export type Helper = keyof typeof texts;

const texts = {
  floorDivI: `fn floorDivI(a: i32, b: i32) -> i32 {
  let q = a / b;
  return select(q, q - 1, (a % b != 0) && ((a < 0) != (b < 0)));
}`,
  floorModI: `fn floorModI(a: i32, b: i32) -> i32 {
  let r = a % b;
  return select(r, r + b, (r != 0) && ((r < 0) != (b < 0)));
}`,
  divU: `fn divU(a: u32, b: u32) -> u32 {
  return a / b;
}`,
  modU: `fn modU(a: u32, b: u32) -> u32 {
  return a % b;
}`,
  isNan: `fn isNan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`,
  saturateI: `fn saturateI(x: f32) -> i32 {
  if (isNan(x)) { return 0; }
  if (x >= 2147483648f) { return 2147483647; }
  if (x <= -2147483648f) { return i32(-2147483648); }
  return i32(x);
}`,
  saturateU: `fn saturateU(x: f32) -> u32 {
  if (isNan(x) || (x <= 0f)) { return 0u; }
  if (x >= 4294967296f) { return 4294967295u; }
  return u32(x);
}`,
  powf: `fn powf(x: f32, y: f32) -> f32 {
  if (y == 0f) { return 1f; }
  if (x == 0f) { return select(3.4028234663852886e+38f, 0f, y > 0f); }
  return pow(x, y);
}`,
  pow2: `fn pow2(k: i32) -> f32 {
  return bitcast<f32>(u32(k + 127) << 23u);
}`,
  exponentOf: `fn exponentOf(x: f32) -> i32 {
  return i32((bitcast<u32>(x) >> 23u) & 255u) - 127;
}`,
  significandOf: `fn significandOf(x: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x007fffffu) | 0x3f800000u);
}`,
  highPart: `fn highPart(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}`,
  opaqueF: `fn opaqueF(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ frame.zero);
}`,
  opaqueI: `fn opaqueI(x: i32) -> i32 {
  return x ^ bitcast<i32>(frame.zero);
}`,
  opaqueU: `fn opaqueU(x: u32) -> u32 {
  return x ^ frame.zero;
}`,
  /** A float by its bits: infinities and NaN can't be written as constants. */
  bitsF: `fn bitsF(bits: u32) -> f32 {
  return bitcast<f32>(bits ^ frame.zero);
}`,
  /** The value, but no constant to the compiler. */
  valueF: `fn valueF(x: f32) -> f32 {
  return x;
}`,
  valueI: `fn valueI(x: i32) -> i32 {
  return x;
}`,
  valueU: `fn valueU(x: u32) -> u32 {
  return x;
}`,
  /** Notes a failure where none is noted at this point of the check or before it. */
  fail: `fn fail(check: u32, point: i32, types: u32, a: u32, b: u32, c: u32, d: u32) {
  failed = true;
  let rank = ~u32(point);
  if (atomicMax(&control.lowest[check], rank) >= rank) { return; }
  let entry = atomicAdd(&control.failures, 1u);
  if (entry < FAILURES) {
    control.entries[entry] = array<u32, 8>(frame.turn, check, u32(point), types, a, b, c, d);
  }
}`,
  /** The first invocation's value, the same for all to the compiler too. */
  agreed: `fn agreed(value: u32) -> u32 {
  if (invocation == 0) { agreedWord = value; }
  return workgroupUniformLoad(&agreedWord);
}`,
  /** Whether any invocation of the workgroup says so. */
  anyOf: `fn anyOf(value: bool) -> bool {
  if (invocation == 0) { atomicStore(&votes, 0u); }
  workgroupBarrier();
  if (value) { atomicStore(&votes, 1u); }
  workgroupBarrier();
  if (invocation == 0) { agreedWord = atomicLoad(&votes); }
  return workgroupUniformLoad(&agreedWord) != 0u;
}`,
} as const;

const needs: Readonly<Partial<Record<Helper, readonly Helper[]>>> = {
  saturateI: ["isNan"],
  saturateU: ["isNan"],
};

export const helperNames = Object.keys(texts) as readonly Helper[];
/** Helpers that read `frame.zero`. */
export const usesZero: ReadonlySet<Helper> = new Set<Helper>(["opaqueF", "opaqueI", "opaqueU", "bitsF"]);

/** The texts of helpers and of what they call, each once, in the table's order. */
export function helperTexts(used: ReadonlySet<Helper>): readonly string[] {
  const all = new Set([...used].flatMap((h) => [h, ...(needs[h] ?? [])]));
  return helperNames.filter((h) => all.has(h)).map((h) => texts[h]);
}
