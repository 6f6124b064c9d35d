// The grammar of statements and blocks (language, sections 5 and 7), and how reading goes on after a wrong one.
import { EOF, type IRecognitionException, type IToken, isRecognitionException } from "chevrotain";
import type { Diagnostic } from "../src/compiler/diagnostic.js";
import type {
  AssignOp,
  BinderSyntax,
  Expression,
  MessagePart,
  Name as NameSyntax,
  PlaceSyntax,
  Statement,
  Subscript,
  TypeSyntax,
} from "../src/compiler/syntax.js";
import { found } from "./expected.js";
import { ExpressionParser } from "./expressions.js";
import { hintFor, keywordAsName } from "./hints.js";
import { messageParts } from "./strings.js";
import {
  AssignOp as AssignToken,
  BlockClose,
  BlockOpen,
  keywords,
  kw,
  Name,
  NewLine,
  RecordClose,
  RecordOpen,
  StringLiteral,
  sym,
  Word,
} from "./tokens.js";
import { deepest, Refusal, type Rule } from "./tree-parser.js";

/** A definition without its `let` or `var`. */
type Define = Omit<Extract<Statement, { readonly kind: "define" }>, "mutable" | "at">;
type Unpack = Omit<Extract<Statement, { readonly kind: "unpack" }>, "mutable" | "at">;
type Fields<T> = readonly T[];
type RecordField = { readonly name: NameSyntax; readonly value?: Expression };
type UnpackField = { readonly field: NameSyntax; readonly alias?: NameSyntax };

/** Statements without blocks: braces behind these words are a record, or a mistake. */
const valueWords = new Set([kw.let, kw.var, kw.each, kw.require, kw.expect, kw.return]);

export class StatementParser extends ExpressionParser {
  protected diagnostics: Diagnostic[] = [];

  readonly block: Rule<Statement[]> = this.rule("block", () =>
    this.nested(() => {
      this.CONSUME(BlockOpen);
      const statements = this.lines(this.statement);
      this.CONSUME(BlockClose);
      return statements;
    }),
  );

  readonly statement: Rule<Statement> = this.rule("statement", () =>
    this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.define) },
      { ALT: () => this.SUBRULE(this.each) },
      { ALT: () => this.SUBRULE(this.forLoop) },
      { ALT: () => this.SUBRULE(this.untilLoop) },
      { ALT: () => this.SUBRULE(this.branch) },
      { ALT: () => this.SUBRULE(this.require) },
      { ALT: () => this.SUBRULE(this.expect) },
      { ALT: () => this.SUBRULE(this.return) },
      { ALT: () => this.SUBRULE(this.assign) },
    ]),
  );

  readonly define: Rule<Statement> = this.rule("define", () => {
    const first = this.LA(1);
    const mutable = this.OR([
      { ALT: () => this.CONSUME(kw.let) && false },
      { ALT: () => this.CONSUME(kw.var) && true },
    ]);
    const defined = this.OR1<Unpack | Define>([
      { ALT: () => this.SUBRULE(this.unpack) },
      { ALT: () => this.SUBRULE(this.named) },
    ]);
    return { ...defined, mutable, at: this.from(first) };
  });

  readonly unpack: Rule<Unpack> = this.rule("unpack", () => {
    const fields = this.SUBRULE(this.unpackFields);
    this.CONSUME(sym["="]);
    return { kind: "unpack", fields, value: this.SUBRULE(this.value) };
  });

  readonly named: Rule<Define> = this.rule("named", () => {
    const name = this.SUBRULE(this.newName);
    const binders = this.SUBRULE(this.definedBinders);
    let type: TypeSyntax | undefined;
    this.OPTION(() => {
      this.CONSUME(sym[":"]);
      type = this.SUBRULE(this.valueType);
    });
    this.CONSUME(sym["="]);
    const value = this.SUBRULE(this.value);
    return { kind: "define", name, ...(binders && { binders }), ...(type && { type }), value };
  });

  readonly unpackFields: Rule<Fields<UnpackField>> = this.rule("unpackFields", () => {
    this.CONSUME(RecordOpen);
    const fields = this.list(1, this.unpackField);
    this.CONSUME(RecordClose);
    return fields;
  });

  readonly unpackField: Rule<UnpackField> = this.rule("unpackField", () => {
    const field = this.name(this.CONSUME(Word));
    let alias: NameSyntax | undefined;
    this.OPTION(() => {
      this.CONSUME(sym[":"]);
      alias = this.SUBRULE(this.newName);
    });
    if (alias) return { field, alias };
    this.refuseKeyword(field);
    return { field };
  });

  readonly definedBinders: Rule<(BinderSyntax | null)[] | undefined> = this.rule("definedBinders", () => {
    let binders: (BinderSyntax | null)[] | undefined;
    this.OPTION(() => {
      this.CONSUME(sym["["]);
      binders = this.list(1, this.definedBinder);
      this.CONSUME(sym["]"]);
    });
    return binders;
  });

  readonly definedBinder: Rule<BinderSyntax | null> = this.rule("definedBinder", () =>
    this.OR<BinderSyntax | null>([
      {
        ALT: () => {
          this.CONSUME(sym[":"]);
          return null;
        },
      },
      { ALT: () => this.SUBRULE(this.binder) },
    ]),
  );

  /** A record is made here and nowhere else, so it is no expression. */
  readonly value: Rule<Expression> = this.rule("value", () =>
    this.OR<Expression>([{ ALT: () => this.SUBRULE(this.record) }, { ALT: () => this.SUBRULE(this.expr) }]),
  );

  readonly record: Rule<Expression> = this.rule("record", () => {
    const first = this.CONSUME(RecordOpen);
    const fields = this.list(1, this.recordField);
    this.CONSUME(RecordClose);
    return { kind: "record", fields, at: this.from(first) };
  });

  readonly recordField: Rule<RecordField> = this.rule("recordField", () => {
    const name = this.name(this.CONSUME(Word));
    let value: Expression | undefined;
    this.OPTION(() => {
      this.CONSUME(sym[":"]);
      value = this.SUBRULE(this.expr);
    });
    if (value) return { name, value };
    this.refuseKeyword(name);
    return { name };
  });

  /** Where a field's name alone stands for a variable too. */
  private refuseKeyword({ text, at }: NameSyntax): void {
    if (!(keywords as readonly string[]).includes(text)) return;
    const help = `give it a name of its own: \`${text}: other\``;
    throw new Refusal({ ...keywordAsName(text), code: "P07", severity: "error", at, help });
  }

  readonly each: Rule<Statement> = this.rule("each", () => {
    const first = this.CONSUME(kw.each);
    const range = this.SUBRULE(this.binders);
    this.CONSUME(sym[":"]);
    const place = this.SUBRULE(this.place);
    const op = this.SUBRULE(this.assigned);
    const value = this.SUBRULE(this.expr);
    return { kind: "each", ...range, place, op, value, at: this.from(first) };
  });

  readonly assign: Rule<Statement> = this.rule("assign", () => {
    const first = this.LA(1);
    const place = this.SUBRULE(this.place);
    const op = this.SUBRULE(this.assigned);
    const value = this.SUBRULE(this.expr);
    return { kind: "assign", place, op, value, at: this.from(first) };
  });

  readonly assigned: Rule<AssignOp> = this.rule("assigned", () => this.CONSUME(AssignToken).image as AssignOp);

  readonly place: Rule<PlaceSyntax> = this.rule("place", () => {
    const first = this.CONSUME(Name);
    const name = this.name(first);
    const path: NameSyntax[] = [];
    this.MANY(() => {
      this.CONSUME(sym["."]);
      path.push(this.name(this.CONSUME(Word)));
    });
    let subscripts: Subscript[] | undefined;
    this.OPTION(() => {
      subscripts = this.SUBRULE(this.subscripts);
    });
    const at = this.from(first);
    return subscripts ? { name, path, subscripts, at } : { name, path, at };
  });

  readonly forLoop: Rule<Statement> = this.rule("forLoop", () => {
    const first = this.CONSUME(kw.for);
    const name = this.SUBRULE(this.newName);
    this.CONSUME(kw.in);
    const lo = this.SUBRULE(this.expr);
    this.CONSUME(sym[".."]);
    const hi = this.SUBRULE1(this.expr);
    const body = this.SUBRULE(this.block);
    return { kind: "for", name, lo, hi, body, at: this.from(first) };
  });

  readonly untilLoop: Rule<Statement> = this.rule("untilLoop", () => {
    const first = this.CONSUME(kw.loop);
    const name = this.SUBRULE(this.newName);
    this.CONSUME(sym["<"]);
    const max = this.SUBRULE(this.sum);
    const body = this.SUBRULE(this.block);
    this.CONSUME(kw.until);
    const until = this.SUBRULE(this.expr);
    return { kind: "loop", name, max, body, until, at: this.from(first) };
  });

  readonly branch: Rule<Statement> = this.rule("branch", () => {
    const first = this.CONSUME(kw.if);
    const condition = this.SUBRULE(this.expr);
    const then = this.SUBRULE(this.block);
    let otherwise: Statement[] | undefined;
    this.OPTION(() => {
      this.CONSUME(kw.else);
      otherwise = this.SUBRULE(this.otherwise);
    });
    const at = this.from(first);
    return { kind: "if", condition, then, ...(otherwise && { otherwise }), at };
  });

  readonly otherwise: Rule<Statement[]> = this.rule("otherwise", () =>
    this.OR<Statement[]>([
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => [this.nested(() => this.SUBRULE(this.branch))] },
    ]),
  );

  readonly require: Rule<Statement> = this.rule("require", () => {
    const first = this.CONSUME(kw.require);
    const condition = this.SUBRULE(this.expr);
    this.CONSUME(kw.else);
    const message = this.message(this.CONSUME(StringLiteral));
    return { kind: "require", condition, message, at: this.from(first) };
  });

  private message(token: IToken): MessagePart[] {
    return messageParts(token.image, this.at(token), (diagnostic) => this.diagnostics.push(diagnostic));
  }

  readonly expect: Rule<Statement> = this.rule("expect", () => {
    const first = this.CONSUME(kw.expect);
    const value = this.SUBRULE(this.expr);
    let near: { readonly to: Expression; readonly within: Expression } | undefined;
    this.OPTION(() => {
      this.CONSUME(kw.near);
      const to = this.SUBRULE1(this.expr);
      this.CONSUME(kw.within);
      near = { to, within: this.SUBRULE2(this.expr) };
    });
    const at = this.from(first);
    return near ? { kind: "expect", value, near, at } : { kind: "expect", value, at };
  });

  readonly return: Rule<Statement> = this.rule("return", () => {
    const first = this.CONSUME(kw.return);
    const value = this.SUBRULE(this.value);
    return { kind: "return", value, at: this.from(first) };
  });

  /** Statements or declarations, each on its line. A wrong one is reported and left out. */
  protected lines<T>(item: Rule<T>): T[] {
    const items: T[] = [];
    const line = () => {
      const read = this.guarded(() => this.SUBRULE(item));
      if (read !== undefined) items.push(read);
    };
    this.MANY_SEP({ SEP: NewLine, DEF: line });
    // The repetition isn't entered, or not gone on with, where a line's first word is wrong.
    while (!this.RECORDING_PHASE && !this.atEnd()) {
      if (this.LA(1).tokenType === NewLine) this.SKIP_TOKEN();
      else line();
    }
    return items;
  }

  private atEnd(): boolean {
    const type = this.LA(1).tokenType;
    return type === BlockClose || type === EOF;
  }

  private guarded<T>(parse: () => T): T | undefined {
    if (this.RECORDING_PHASE) return parse();
    const first = this.LA(1);
    try {
      const read = parse();
      const next = this.LA(1);
      if (this.atEnd() || next.tokenType === NewLine) return read;
      throw new Refusal(this.unexpected(next, "the end of the line", "line"));
    } catch (error) {
      // A caller may have left little of the stack.
      this.report(error instanceof RangeError ? this.tooDeep() : error, first);
      this.skipLine(!valueWords.has(first.tokenType));
      return undefined;
    }
  }

  private report(error: unknown, first: IToken): void {
    let diagnostic: Diagnostic;
    if (error instanceof Refusal) diagnostic = error.diagnostic;
    else if (error instanceof Error && isRecognitionException(error)) {
      const { token, message, context } = error as IRecognitionException;
      diagnostic = this.unexpected(token, message, context.ruleStack.at(-1) ?? "");
    } else throw error;
    // What the lexer or the layout has found wrong in these lines is why they can't be read.
    const start = this.at(first).start;
    if (!this.diagnostics.some(({ at }) => at.start >= start && at.start <= diagnostic.at.end))
      this.diagnostics.push(diagnostic);
  }

  private unexpected(token: IToken, wanted: string, rule: string): Diagnostic {
    const [next, previous, beforePrevious] = [this.LA(2), this.LA(0), this.LA(-1)];
    const hint = hintFor({ token, next, previous, beforePrevious, wanted, rule });
    // What is missing at the end of a line is shown there, not at the brace on the next one.
    const ended = token.tokenType === BlockClose && previous.endLine! < token.startLine!;
    const end = previous.endOffset! + 1;
    return {
      code: "P04",
      severity: "error",
      message: `expected ${wanted}, found ${ended ? "the end of the line" : found(token)}`,
      at: ended ? { file: this.file, start: end, end } : this.at(token),
      ...hint,
    };
  }

  /** To the end of the line. What seems to be a block on the way may be read for what is wrong in it. */
  private skipLine(readBlocks: boolean): void {
    let open = 0;
    while (this.LA(1).tokenType !== EOF) {
      const type = this.LA(1).tokenType;
      if (open === 0 && (type === NewLine || type === BlockClose)) return;
      if (readBlocks && type === BlockOpen && open === 0 && this.depth < deepest) {
        this.SUBRULE(this.block);
        continue;
      }
      if (type === BlockOpen) open += 1;
      if (type === BlockClose) open -= 1;
      this.SKIP_TOKEN();
    }
  }
}
