// Pieces of Fold text that know how tightly they bind, so that they are put together with the parentheses that are needed and few others.

/** From loose to tight; `if` reaches as far right as it can, and is always wrapped. */
export const level = {
  if: 0,
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  term: 6,
  unary: 7,
  power: 8,
  postfix: 9,
} as const;

/** `most` bounds the absolute value of a number, so that programs stay tame. */
export interface Piece {
  readonly text: string;
  readonly level: number;
  readonly most: number;
}

export const atom = (text: string, most = 4): Piece => ({ text, level: level.postfix, most });

export const wrapped = (p: Piece, least: number): string => (p.level < least ? `(${p.text})` : p.text);

/** A binary operator, left-associative but for `^` and comparisons. */
export function infix(a: Piece, op: string, b: Piece, most: number): Piece {
  const own = { or: 1, and: 2, "+": 5, "-": 5, "*": 6, "/": 6, div: 6, "%": 6, "@": 6, "^": 8 }[op] ?? level.compare;
  const leftLevel = own === level.compare ? own + 1 : own === level.power ? level.postfix : own;
  const rightLevel = own === level.power ? level.unary : own + 1;
  return { text: `${wrapped(a, leftLevel)} ${op} ${wrapped(b, rightLevel)}`, level: own, most };
}

export const negated = (a: Piece): Piece => ({ text: `-${wrapped(a, level.unary)}`, level: level.unary, most: a.most });
export const not = (a: Piece): Piece => ({ text: `not ${wrapped(a, level.not)}`, level: level.not, most: 1 });
export const call = (name: string, args: readonly Piece[], most: number): Piece =>
  atom(`${name}(${args.map((a) => a.text).join(", ")})`, most);
export const choice = (c: Piece, a: Piece, b: Piece): Piece => ({
  text: `if ${c.text} then ${a.text} else ${b.text}`,
  level: level.if,
  most: Math.max(a.most, b.most),
});
