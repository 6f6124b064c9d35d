// The grammar of expressions and types, and the tree that is made of them (language, sections 6 and 7).
import type { IToken, TokenType } from "chevrotain";
import type {
  BinaryOp,
  BinderSyntax,
  Expression,
  Name as NameSyntax,
  RecordTypeSyntax,
  ReducerName,
  Subscript,
  TypeSyntax,
} from "../src/compiler/syntax.js";
import {
  CompareOp,
  kw,
  Name,
  NumberLiteral,
  RecordClose,
  RecordOpen,
  Reducer,
  SumOp,
  sym,
  TermOp,
  Word,
} from "./tokens.js";
import { type Rule, TreeParser } from "./tree-parser.js";

type Binders = { readonly binders: readonly BinderSyntax[]; readonly where?: Expression };

export class ExpressionParser extends TreeParser {
  /** Operators of one strength, from the left. */
  private chain(op: TokenType, operand: Rule<Expression>): Expression {
    const first = this.LA(1);
    let left = this.SUBRULE(operand);
    this.MANY(() => {
      const token = this.CONSUME(op);
      const right = this.SUBRULE2(operand);
      left = this.binary(first, token, left, right);
    });
    return left;
  }

  private binary(first: IToken, token: IToken, left: Expression, right: Expression): Expression {
    const op = token.image as BinaryOp;
    return { kind: "binary", op, opAt: this.name(token).at, left, right, at: this.from(first) };
  }

  readonly expr: Rule<Expression> = this.rule("expr", () =>
    this.nested(() => {
      const first = this.LA(1);
      let value = this.SUBRULE(this.disjunction);
      this.OPTION(() => {
        this.CONSUME(kw.as);
        const type = this.SUBRULE(this.valueType);
        value = { kind: "as", value, type, at: this.from(first) };
      });
      return value;
    }),
  );

  readonly disjunction: Rule<Expression> = this.rule("disjunction", () => this.chain(kw.or, this.conjunction));

  readonly conjunction: Rule<Expression> = this.rule("conjunction", () => this.chain(kw.and, this.negation));

  readonly negation: Rule<Expression> = this.rule("negation", () =>
    this.OR<Expression>([
      {
        ALT: () => {
          const first = this.CONSUME(kw.not);
          const operand = this.nested(() => this.SUBRULE(this.negation));
          return { kind: "unary", op: "not", operand, at: this.from(first) };
        },
      },
      { ALT: () => this.SUBRULE(this.compare) },
    ]),
  );

  readonly compare: Rule<Expression> = this.rule("compare", () => {
    const first = this.LA(1);
    let left = this.SUBRULE(this.sum);
    this.OPTION(() => {
      const token = this.CONSUME(CompareOp);
      const right = this.SUBRULE2(this.sum);
      left = this.binary(first, token, left, right);
      this.refuseChain(token);
    });
    return left;
  });

  private refuseChain(first: IToken): void {
    const second = this.LA(1);
    if (this.RECORDING_PHASE || !second.tokenType.CATEGORIES?.includes(CompareOp)) return;
    this.refuse("P06", this.name(second).at, "comparisons can't be chained", {
      others: [{ at: this.name(first).at, text: "the first comparison" }],
      help: `write \`a ${first.image} b and b ${second.image} c\`, or put one comparison in parentheses`,
    });
  }

  readonly sum: Rule<Expression> = this.rule("sum", () => this.chain(SumOp, this.term));

  readonly term: Rule<Expression> = this.rule("term", () => this.chain(TermOp, this.unary));

  readonly unary: Rule<Expression> = this.rule("unary", () =>
    this.OR<Expression>([
      {
        ALT: () => {
          const first = this.CONSUME(sym["-"]);
          const operand = this.nested(() => this.SUBRULE(this.unary));
          return { kind: "unary", op: "-", operand, at: this.from(first) };
        },
      },
      { ALT: () => this.SUBRULE(this.power) },
    ]),
  );

  readonly power: Rule<Expression> = this.rule("power", () => {
    const first = this.LA(1);
    let left = this.SUBRULE(this.postfix);
    this.OPTION(() => {
      const token = this.CONSUME(sym["^"]);
      const right = this.nested(() => this.SUBRULE(this.unary));
      left = this.binary(first, token, left, right);
    });
    return left;
  });

  readonly postfix: Rule<Expression> = this.rule("postfix", () => {
    const first = this.LA(1);
    let base = this.SUBRULE(this.primary);
    this.MANY(() => {
      base = this.OR<Expression>([
        {
          ALT: () => {
            this.CONSUME(sym["'"]);
            return { kind: "transpose", operand: base, at: this.from(first) };
          },
        },
        {
          ALT: () => {
            const subscripts = this.SUBRULE(this.subscripts);
            return { kind: "subscript", base, subscripts, at: this.from(first) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(sym["."]);
            const field = this.name(this.CONSUME(Word));
            return { kind: "field", base, field, at: this.from(first) };
          },
        },
      ]);
    });
    return base;
  });

  readonly subscripts: Rule<Subscript[]> = this.rule("subscripts", () => {
    this.CONSUME(sym["["]);
    const subscripts = this.list(1, this.subscript);
    this.CONSUME(sym["]"]);
    return subscripts;
  });

  readonly subscript: Rule<Subscript> = this.rule("subscript", () => {
    const first = this.LA(1);
    return this.OR<Subscript>([
      {
        ALT: () => {
          this.CONSUME(sym[":"]);
          return { kind: "all", at: this.from(first) };
        },
      },
      {
        ALT: () => {
          const lo = this.SUBRULE(this.expr);
          let hi: Expression | undefined;
          this.OPTION(() => {
            this.CONSUME(sym[".."]);
            hi = this.SUBRULE2(this.expr);
          });
          const at = this.from(first);
          return hi ? { kind: "range", lo, hi, at } : { kind: "at", index: lo, at };
        },
      },
    ]);
  });

  readonly primary: Rule<Expression> = this.rule("primary", () => {
    const first = this.LA(1);
    return this.OR<Expression>([
      { ALT: () => this.number(this.CONSUME(NumberLiteral)) },
      { ALT: () => this.bool(this.CONSUME(kw.true), true) },
      { ALT: () => this.bool(this.CONSUME(kw.false), false) },
      {
        ALT: () => {
          this.CONSUME(sym["("]);
          const inner = this.SUBRULE(this.expr);
          this.CONSUME(sym[")"]);
          return { ...inner, at: this.from(first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(sym["["]);
          const elements = this.list(1, this.expr);
          this.CONSUME(sym["]"]);
          return { kind: "list", elements, at: this.from(first) };
        },
      },
      { ALT: () => this.SUBRULE(this.reduction) },
      { ALT: () => this.SUBRULE(this.nameOrCall), IGNORE_AMBIGUITIES: true },
      {
        ALT: () => {
          this.CONSUME(kw.if);
          const condition = this.SUBRULE3(this.expr);
          this.CONSUME(kw.then);
          const then = this.SUBRULE4(this.expr);
          this.CONSUME(kw.else);
          const otherwise = this.SUBRULE5(this.expr);
          return { kind: "if", condition, then, otherwise, at: this.from(first) };
        },
      },
    ]);
  });

  private bool(token: IToken, value: boolean): Expression {
    return { kind: "bool", value, at: this.from(token) };
  }

  private number(token: IToken): Expression {
    const text = token.image;
    const value = Number(text);
    if (value === Infinity)
      this.refuse("P03", this.name(token).at, `the number ${text} is too large`, {
        help: "the largest is about 1.8e308",
      });
    return { kind: "number", value, integer: /^(0[xX][0-9a-fA-F]+|\d+)$/.test(text), text, at: this.from(token) };
  }

  readonly reduction: Rule<Expression> = this.rule("reduction", () => {
    const first = this.CONSUME(Reducer);
    this.CONSUME(sym["["]);
    const range = this.SUBRULE(this.binders);
    this.CONSUME(sym["]"]);
    this.CONSUME(sym["("]);
    const body = this.SUBRULE(this.expr);
    this.CONSUME(sym[")"]);
    return { kind: "reduce", reducer: first.image as ReducerName, ...range, body, at: this.from(first) };
  });

  readonly nameOrCall: Rule<Expression> = this.rule("nameOrCall", () => {
    const first = this.CONSUME(Name);
    let args: Expression[] | undefined;
    this.OPTION(() => {
      this.CONSUME(sym["("]);
      args = [];
      this.OPTION1(() => {
        args = this.list(1, this.argument);
      });
      this.CONSUME(sym[")"]);
    });
    if (args) return { kind: "call", callee: this.name(first), args, at: this.from(first) };
    return { kind: "name", name: first.image, at: this.from(first) };
  });

  readonly argument: Rule<Expression> = this.rule("argument", () =>
    this.OR<Expression>([{ ALT: () => this.SUBRULE(this.lambda) }, { ALT: () => this.SUBRULE(this.expr) }]),
  );

  readonly lambda: Rule<Expression> = this.rule("lambda", () => {
    const first = this.CONSUME(kw.fn);
    this.CONSUME(sym["("]);
    const params = this.list(1, this.newName);
    this.CONSUME(sym[")"]);
    this.CONSUME(sym["=>"]);
    const body = this.SUBRULE(this.expr);
    return { kind: "lambda", params, body, at: this.from(first) };
  });

  readonly newName: Rule<NameSyntax> = this.rule("newName", () => this.name(this.CONSUME(Name)));

  readonly binder: Rule<BinderSyntax> = this.rule("binder", () => {
    const first = this.LA(1);
    const name = this.name(this.CONSUME(Name));
    let range: BinderSyntax["range"];
    this.OPTION(() => {
      this.CONSUME(kw.in);
      const lo = this.SUBRULE(this.expr);
      this.CONSUME(sym[".."]);
      range = { lo, hi: this.SUBRULE2(this.expr) };
    });
    const at = this.from(first);
    return range ? { name, range, at } : { name, at };
  });

  readonly binders: Rule<Binders> = this.rule("binders", () => {
    const binders = this.list(1, this.binder);
    let where: Expression | undefined;
    this.OPTION(() => {
      this.CONSUME(kw.where);
      where = this.SUBRULE(this.expr);
    });
    return where ? { binders, where } : { binders };
  });

  readonly valueType: Rule<TypeSyntax> = this.rule("valueType", () =>
    this.nested(() => {
      const first = this.LA(1);
      return this.OR<TypeSyntax>([
        {
          ALT: () => {
            const name = this.name(this.CONSUME(Name));
            let sizes: Expression[] = [];
            this.OPTION(() => {
              this.CONSUME(sym["["]);
              sizes = this.list(1, this.sum);
              this.CONSUME(sym["]"]);
            });
            return { kind: "named", name, sizes, at: this.from(first) };
          },
        },
        { ALT: () => this.SUBRULE(this.recordType) },
      ]);
    }),
  );

  readonly recordType: Rule<RecordTypeSyntax> = this.rule("recordType", () => {
    const first = this.CONSUME(RecordOpen);
    const fields = this.list(1, this.fieldType);
    this.CONSUME(RecordClose);
    return { kind: "record", fields, at: this.from(first) };
  });

  readonly fieldType: Rule<RecordTypeSyntax["fields"][number]> = this.rule("fieldType", () => {
    const name = this.name(this.CONSUME(Word));
    this.CONSUME(sym[":"]);
    return { name, type: this.SUBRULE(this.valueType) };
  });
}
