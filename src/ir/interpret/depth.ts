// What a sum's order may cost. The interpreter's bound holds for every order that keeps to this, and a schedule must keep to it.

/**
 * The most additions that one term of a sum, a product or a scan of `n` terms may go through (the depth of the summation tree): a chain up
 * to 576 terms, and for longer sums at most that and one for each 65,536 terms: 512 terms in each of many partial sums, which are then added in a
 * tree, in lanes and in chunks. The error of the sum is then at most depth * unit * sum |x| (Higham, Accuracy and Stability, 4.2).
 */
export const sumDepth = (n: number): number => Math.min(Math.max(n - 1, 0), 576 + Math.ceil(n / 65536));
