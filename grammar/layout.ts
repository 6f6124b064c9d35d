// Lines and brackets: from the lexer's tokens to those that the parser reads. It tells a block's braces from a record's, puts a
// NewLine between two statements (language, section 2), finds brackets without a partner, and gathers the `##` lines.
import type { IToken, TokenType } from "chevrotain";
import { createTokenInstance } from "chevrotain";
import type { Diagnostic, SourceFile, Span } from "../src/compiler/diagnostic.js";
import {
  BlockClose,
  BlockOpen,
  kw,
  LeftBrace,
  Name,
  NewLine,
  RecordClose,
  RecordOpen,
  RightBrace,
  StringLiteral,
  sym,
} from "./tokens.js";

export interface Layout {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Open {
  readonly token: IToken;
  readonly kind: "block" | "record" | "round" | "square";
  /** The column in which its line begins. */
  readonly indent: number;
}

/** Operators between two operands, and the other words after which a line goes on. */
const joining = new Set<TokenType>([
  ...(["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "@", "^"] as const).map((text) => sym[text]),
  ...([",", "=", "+=", "-=", ":", "..", "->", "=>"] as const).map((text) => sym[text]),
  ...[kw.and, kw.or, kw.div, kw.as, kw.in, kw.if, kw.then, kw.else, kw.near, kw.within],
]);
/** Words that go on with the line above. */
const continuing = new Set([kw.then, kw.else, kw.until, kw.near, kw.within]);
/** What can't begin a line, and belongs at the end of the one above. */
const misplaced = new Set<TokenType>([
  ...[...joining].filter((type) => !continuing.has(type) && type !== kw.if),
  ...[sym["'"], sym["."], LeftBrace],
]);
/** After these a `{` is a record's. */
const beforeRecord = new Set<TokenType>([
  ...[kw.import, kw.let, kw.var, kw.return],
  ...(["=", "+=", "-=", "->", ":", ",", "(", "["] as const).map((text) => sym[text]),
]);
const statementWords = new Set([kw.let, kw.var, kw.each, kw.for, kw.loop, kw.require, kw.return, kw.expect]);

export const spanOf = (file: string, token: IToken): Span => ({
  file,
  start: token.startOffset,
  end: (token.endOffset ?? token.startOffset - 1) + 1,
});

/** Whether a statement or a declaration begins here: no expression, record or list can hold these two tokens in a row. */
function begins(token: IToken, next: IToken | undefined): "statement" | "declaration" | undefined {
  const { tokenType } = token;
  const followedBy = (...types: TokenType[]) => next !== undefined && types.includes(next.tokenType);
  if (statementWords.has(tokenType)) return followedBy(sym[":"], sym[","], RightBrace) ? undefined : "statement";
  if (tokenType === kw.fn || tokenType === kw.type) return followedBy(Name) ? "declaration" : undefined;
  if (tokenType === kw.export) return followedBy(kw.fn, kw.type, kw.host) ? "declaration" : undefined;
  if (tokenType === kw.host) return followedBy(kw.fn) ? "declaration" : undefined;
  if (tokenType === kw.import) return followedBy(LeftBrace) ? "declaration" : undefined;
  return tokenType === kw.test && followedBy(StringLiteral) ? "declaration" : undefined;
}

const retyped = (token: IToken, tokenType: TokenType): IToken => ({
  ...token,
  tokenType,
  tokenTypeIdx: tokenType.tokenTypeIdx!,
});

/** A token of no width, behind `after`. */
function empty(tokenType: TokenType, after: IToken): IToken {
  const offset = after.endOffset! + 1;
  const column = after.endColumn! + 1;
  return createTokenInstance(tokenType, "", offset, offset - 1, after.endLine!, after.endLine!, column, column - 1);
}

const openers = new Map<TokenType, Open["kind"]>([
  [sym["("], "round"],
  [sym["["], "square"],
]);
const closers = new Map<TokenType, readonly Open["kind"][]>([
  [sym[")"], ["round"]],
  [sym["]"], ["square"]],
  [RightBrace, ["block", "record"]],
]);

export function layOut(source: SourceFile, scanned: readonly IToken[]): Layout {
  const tokens: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  const stack: Open[] = [];
  const at = (token: IToken) => spanOf(source.name, token);

  let indent = 1;
  /** Blocks whose `}` stands further left than they do: it was meant for one around them. */
  const suspects: { readonly open: IToken; readonly close: IToken }[] = [];

  const unclosed = ({ token, kind }: Open, found: IToken | undefined) => {
    const suspect = kind === "block" && suspects.find(({ open }) => open.startOffset > token.startOffset);
    if (suspect) missingBrace(suspect.open, suspect.close);
    else neverClosed(token, found);
  };

  const missingBrace = (open: IToken, close: IToken) =>
    diagnostics.push({
      code: "P08",
      severity: "error",
      message: "this `{` is never closed",
      at: at(open),
      others: [{ at: at(close), text: "by where it stands, this one closes what is around it" }],
      help: "put the closing `}` above that one",
    });

  const neverClosed = (token: IToken, found: IToken | undefined) =>
    diagnostics.push({
      code: "P08",
      severity: "error",
      message: `this \`${token.image}\` is never closed`,
      at: at(token),
      ...(found
        ? { others: [{ at: at(found), text: `\`${found.image}\` can't stand inside it` }] }
        : { notes: ["the file ends before it"] }),
      help: `put the closing \`${{ "(": ")", "[": "]", "{": "}" }[token.image]}\` where it belongs`,
    });

  let lastStray = 0;
  /** One a line: more of them have one cause. */
  const closesNothing = (token: IToken) => {
    if (token.startLine === lastStray) return;
    lastStray = token.startLine!;
    diagnostics.push({
      code: "P08",
      severity: "error",
      message: `this \`${token.image}\` closes nothing`,
      at: at(token),
      help: `remove it, or open it with \`${{ ")": "(", "]": "[", "}": "{" }[token.image]}\``,
    });
  };

  const wrongCloser = (open: IToken, token: IToken, meant: TokenType) =>
    diagnostics.push({
      code: "P08",
      severity: "error",
      message: `\`${open.image}\` can't be closed by \`${token.image}\``,
      at: at(token),
      others: [{ at: at(open), text: "opened here" }],
      help: `write \`${meant.LABEL}\` here`,
    });

  const kindOfBrace = (index: number): Open["kind"] => {
    const [beforePrevious, previous, , next] = [-2, -1, 0, 1].map((step) => scanned[index + step]);
    if (!previous || beforePrevious?.tokenType === sym["."] || !beforeRecord.has(previous.tokenType)) return "block";
    return next && begins(next, scanned[index + 2]) ? "block" : "record";
  };

  /** Whether a closer has its opener; a `)` or `]` doesn't reach out of its block. */
  const closes = (ends: readonly Open["kind"][]): boolean => {
    for (let i = stack.length - 1; i >= 0; i--) {
      if (ends.includes(stack[i]!.kind)) return true;
      if (stack[i]!.kind === "block") return false;
    }
    return false;
  };

  /** Takes off the open brackets down to the first that may stay; the innermost of those that are left unclosed is reported. */
  const closeUntil = (stays: (open: Open) => boolean, found: IToken | undefined) => {
    let reported = false;
    while (stack.length > 0 && !stays(stack.at(-1)!)) {
      const top = stack.pop()!;
      if (top.kind === "block") tokens.push(empty(BlockClose, tokens.at(-1)!));
      if (!reported) unclosed(top, found);
      reported = true;
    }
  };

  const inBlock = () => stack.length === 0 || stack.at(-1)!.kind === "block";

  const startLine = (previous: IToken, token: IToken, next: IToken | undefined) => {
    const what = begins(token, next);
    if (what) closeUntil(({ kind }) => kind === "block" && what === "statement", token);
    const last = tokens.at(-1);
    if (!last || !inBlock() || last.tokenType === BlockOpen || token.tokenType === RightBrace) return;
    const field = tokens.at(-2)?.tokenType === sym["."];
    if ((joining.has(last.tokenType) && !field && !what) || continuing.has(token.tokenType)) return;
    if (misplaced.has(token.tokenType)) {
      diagnostics.push({
        code: "P05",
        severity: "error",
        message: `a line can't begin with \`${token.image}\``,
        at: at(token),
        others: [{ at: at(previous), text: "the statement ends here" }],
        help:
          token.tokenType === LeftBrace
            ? "put the `{` at the end of the line above"
            : `to go on with the line above, end that line with \`${token.image}\``,
      });
      return;
    }
    tokens.push(empty(NewLine, last));
  };

  for (const [index, token] of scanned.entries()) {
    const previous = scanned[index - 1];
    const next = scanned[index + 1];
    const first = !previous || token.startLine! > previous.endLine!;
    if (first) indent = token.startColumn!;
    if (previous && first) startLine(previous, token, next);
    else if (
      tokens.at(-1)?.tokenType === BlockClose &&
      !continuing.has(token.tokenType) &&
      token.tokenType !== RightBrace
    )
      // A statement ends at its closing brace too.
      tokens.push(empty(NewLine, tokens.at(-1)!));

    const ends = closers.get(token.tokenType);
    if (token.tokenType === LeftBrace) {
      const kind = kindOfBrace(index);
      const brace = retyped(token, kind === "block" ? BlockOpen : RecordOpen);
      stack.push({ token: brace, kind, indent });
      tokens.push(brace);
    } else if (ends) {
      const top = stack.at(-1);
      const meant = top?.kind === "round" ? sym[")"] : top?.kind === "square" ? sym["]"] : undefined;
      if (!closes(ends) && top && meant && next?.tokenType !== meant) {
        wrongCloser(top.token, token, meant);
        stack.pop();
        tokens.push(retyped(token, meant));
        continue;
      }
      if (!closes(ends)) {
        closesNothing(token);
        continue;
      }
      closeUntil(({ kind }) => ends.includes(kind), token);
      const open = stack.pop()!;
      if (open.kind === "block" && first && token.startColumn! < open.indent)
        suspects.push({ open: open.token, close: token });
      const type = open.kind === "block" ? BlockClose : open.kind === "record" ? RecordClose : token.tokenType;
      tokens.push(retyped(token, type));
    } else {
      const kind = openers.get(token.tokenType);
      if (kind) stack.push({ token, kind, indent });
      tokens.push(token);
    }
  }
  closeUntil(() => false, undefined);
  return { tokens, diagnostics };
}
