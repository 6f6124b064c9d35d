// Reference values, good to f64, of what `Math` lacks: erf, lgamma, digamma (which bounds lgamma's slope).

/** Kummer's series erf(x) = 2/sqrt(pi) x exp(-x^2) sum (2x^2)^n / (1*3*...*(2n+1)): all terms positive. Above 2 by erfc. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a > 2) return Math.sign(x) * (1 - erfc(a));
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-18 * sum; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-a * a) * sum;
}

/** The continued fraction erfc(x) = exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), for x > 2, from its far end. */
function erfc(x: number): number {
  let tail = x;
  for (let k = 120; k > 0; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

/** Bernoulli numbers B(2k) / (2k (2k - 1)): Stirling's series. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
];

/** zeta(k) - 1 for k = 2, 3, ...: lgamma's Taylor series at 2, so that its zeros at 1 and 2 keep their relative accuracy. */
const zetaMinusOne: readonly number[] = Array.from({ length: 60 }, (_, i) => {
  const k = i + 2;
  let sum = 0;
  const N = 60;
  for (let n = N - 1; n >= 2; n--) sum += n ** -k;
  // Euler and Maclaurin for the tail from N on.
  const end = N ** -k;
  return (
    sum +
    (N * end) / (k - 1) +
    end / 2 +
    (k * end) / (12 * N) -
    (k * (k + 1) * (k + 2) * end) / (720 * N ** 3) +
    (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * end) / (30240 * N ** 5)
  );
});

const EULER = 0.5772156649015329;

/** log |gamma(x)|. */
export function lgamma(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x <= 0) {
    if (x === Math.floor(x)) return Infinity;
    const reduced = x - Math.round(x);
    return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * reduced))) - lgamma(1 - x);
  }
  if (x < 0.5) return lgamma(x + 1) - Math.log(x);
  if (x < 1.5) return aboutTwo(x - 1) - Math.log1p(x - 1);
  if (x < 2.5) return aboutTwo(x - 2);
  if (x < 15) {
    let product = 1;
    let y = x;
    while (y >= 2.5) product *= --y;
    return aboutTwo(y - 2) + Math.log(product);
  }
  const square = 1 / (x * x);
  const series = stirling.reduceRight((tail, c) => tail * square + c, 0);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series / x;
}

/** lgamma(2 + t) = t (1 - gamma) + sum (-1)^k (zeta(k) - 1) t^k / k, for |t| <= 1/2. */
function aboutTwo(t: number): number {
  let sum = 0;
  for (let i = zetaMinusOne.length - 1; i >= 0; i--)
    sum = ((zetaMinusOne[i] ?? 0) * (i % 2 === 0 ? 1 : -1)) / (i + 2) + sum * t;
  return t * (1 - EULER + t * sum);
}

/** lgamma's derivative. */
export function digamma(x: number): number {
  if (x <= 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let y = x;
  let sum = 0;
  while (y < 20) sum -= 1 / y++;
  const s = 1 / (y * y);
  return sum + Math.log(y) - 1 / (2 * y) - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))));
}
