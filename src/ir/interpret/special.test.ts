// The reference functions against mpmath's values (40 digits, rounded), and Philox against Random123's known answers.
import { expect, test } from "vitest";
import { multiplyHigh, philox, unitInterval } from "./philox.js";
import { digamma, erf, lgamma } from "./special.js";

const known: { readonly [name: string]: readonly (readonly [number, number])[] } = {
  erf: [
    [1e-10, 1.1283791670955126e-10],
    [0.3, 0.3286267594591274],
    [0.84375, 0.7672256612323416],
    [1.25, 0.9229001282564583],
    [1.99, 0.995111413199617],
    [2.01, 0.9955248493552482],
    [2.7, 0.9998656672600594],
    [4, 0.9999999845827421],
    [5.5, 0.9999999999999927],
  ],
  lgamma: [
    [1e-8, 18.42068073818021],
    [0.1, 2.252712651734206],
    [0.49, 0.592249629335267],
    [0.51, 0.5529738179298007],
    [0.9, 0.06637623973474295],
    [0.999999, 5.772164873855652e-7],
    [1.0000001, -5.772155829918507e-8],
    [1.3, -0.10817480950786049],
    [1.6, -0.11259176569675577],
    [1.9999, -4.227520877215346e-5],
    [2.00001, 4.22787559764836e-6],
    [2.4, 0.21685932244884157],
    [2.6, 0.35741186354897986],
    [7.3, 7.147892523022248],
    [14.9, 24.924132002217277],
    [30, 71.25703896716801],
    [1e5, 1051287.7089736569],
    [-0.3, 1.4648400508576025],
    [-1.7, 0.9218446876946375],
    [-5.5, -4.517832174007742],
  ],
  digamma: [
    [0.1, -10.423754940411076],
    [1.5, 0.03648997397857652],
    [3, 0.9227843350984671],
    [11, 2.351752589066721],
    [-0.3, 2.113309779635399],
  ],
};

// The bound that functions.ts puts on the reference itself, in units of 2^-53; digamma only bounds a slope.
const roundings: { readonly [name: string]: number } = { erf: 8, lgamma: 8, digamma: 100 };

test.each([
  ["erf", erf],
  ["lgamma", lgamma],
  ["digamma", digamma],
] as const)("%s is good to f64", (name, f) => {
  for (const [x, y] of known[name] ?? []) {
    const error = Math.abs(f(x) - y) / (Math.abs(y) * 2 ** -53);
    expect(error, `${name}(${x})`).toBeLessThanOrEqual(roundings[name] ?? 0);
  }
});

test("Philox4x32-10 gives Random123's known answer", () => {
  expect(philox(0, 0)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
});

test("the upper half of a product of words", () => {
  expect(multiplyHigh(0xffffffff, 0xffffffff)).toBe(0xfffffffe);
  expect(multiplyHigh(0x10000, 0x10000)).toBe(1);
});

test("uniform numbers stay below 1 at both precisions", () => {
  const all = 0xffffffff;
  expect(unitInterval(24, all, all)).toBe(1 - 2 ** -24);
  expect(unitInterval(53, all, all)).toBe(1 - 2 ** -53);
});
