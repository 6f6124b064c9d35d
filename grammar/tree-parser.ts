// What the grammar's classes build on: spans, lists, refusals, and a bound on how deep things stand in each other.
import { EmbeddedActionsParser, EOF, type IToken, type ParserMethod } from "chevrotain";
import type { Diagnostic, Span } from "../src/compiler/diagnostic.js";
import type { Name } from "../src/compiler/syntax.js";
import { expected } from "./expected.js";
import { sym, vocabulary } from "./tokens.js";

export type Rule<T> = ParserMethod<[], T>;

/** How deep expressions, types and blocks may stand in each other: a parser that calls itself must not run out of stack. */
export const deepest = 64;

/** Thrown where the text fits the grammar and is wrong all the same. The statement's guard catches it. */
export class Refusal extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

export class TreeParser extends EmbeddedActionsParser {
  protected file = "";
  protected depth = 0;

  constructor() {
    super(vocabulary, { maxLookahead: 2, errorMessageProvider: expected });
  }

  /** Chevrotain's RULE, but that the tree's type is that of the property. */
  protected rule<T>(name: string, parse: () => T): Rule<T> {
    return this.RULE(name, parse);
  }

  /** From a token to the last one read. */
  protected from(first: IToken): Span {
    const end = this.LA(0).endOffset! + 1;
    return { file: this.file, start: first.startOffset, end: Math.max(end, first.startOffset) };
  }

  /** A token's place; the end of the file is behind the last token. */
  protected at(token: IToken): Span {
    const last = this.LA(0);
    const start = token.tokenType !== EOF ? token.startOffset : last.tokenType !== EOF ? last.endOffset! + 1 : 0;
    return { file: this.file, start, end: token.tokenType === EOF ? start : token.endOffset! + 1 };
  }

  protected name(token: IToken): Name {
    return { text: token.image, at: this.at(token) };
  }

  protected refuse(code: string, at: Span, message: string, more?: Partial<Diagnostic>): never {
    throw new Refusal({ code, severity: "error", message, at, ...more });
  }

  protected tooDeep(): Refusal {
    return new Refusal({
      code: "P10",
      severity: "error",
      message: `this stands more than ${deepest} levels deep`,
      at: this.at(this.LA(1)),
      help: "give the inner part a name with `let`, or make it a function",
    });
  }

  protected nested<T>(parse: () => T): T {
    this.depth += 1;
    try {
      if (this.depth > deepest) throw this.tooDeep();
      return parse();
    } finally {
      this.depth -= 1;
    }
  }

  /** `item { "," item } [ "," ]`; takes the numbers `n` and `n + 1` of its rule. */
  protected list<T>(n: number, item: Rule<T>): T[] {
    const items = [this.subrule(n, item)];
    this.many(n, () => {
      this.consume(n, sym[","]);
      items.push(this.subrule(n + 1, item));
    });
    this.option(n + 1, () => this.consume(n + 1, sym[","]));
    return items;
  }
}
