// The grammar of a module: imports and declarations (language, sections 4 and 7). The whole parser, ready to use.
import type { IToken } from "chevrotain";
import type { Diagnostic } from "../src/compiler/diagnostic.js";
import type {
  Declaration,
  FunctionDeclaration,
  FunctionTypeSyntax,
  Import,
  ParamSyntax,
  TestDeclaration,
  TypeDeclaration,
  TypeSyntax,
} from "../src/compiler/syntax.js";
import { StatementParser } from "./statements.js";
import { unquote } from "./strings.js";
import { kw, Name, RecordClose, RecordOpen, StringLiteral, sym } from "./tokens.js";
import type { Rule } from "./tree-parser.js";

type Item = (Import & { readonly kind: "import" }) | Declaration;
/** A declaration without what its first line says of it. */
type Bare<T> = Omit<T, "exported" | "doc" | "at">;

export interface Input {
  readonly file: string;
  readonly tokens: readonly IToken[];
  /** By the line that they stand above. */
  readonly docs: ReadonlyMap<number, string>;
  /** What is known to be wrong already. */
  readonly diagnostics: readonly Diagnostic[];
}

export class ModuleParser extends StatementParser {
  private docs: ReadonlyMap<number, string> = new Map();

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  parse(input: Input): { readonly items: readonly Item[]; readonly diagnostics: readonly Diagnostic[] } {
    this.input = [...input.tokens];
    this.file = input.file;
    this.docs = input.docs;
    this.depth = 0;
    this.diagnostics = [...input.diagnostics];
    const items = this.module();
    return { items, diagnostics: this.diagnostics };
  }

  readonly module: Rule<Item[]> = this.rule("module", () => this.lines(this.item));

  readonly item: Rule<Item> = this.rule("item", () =>
    this.OR<Item>([
      { ALT: () => this.SUBRULE(this.import) },
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.test) },
    ]),
  );

  readonly import: Rule<Import & { readonly kind: "import" }> = this.rule("import", () => {
    const first = this.CONSUME(kw.import);
    this.CONSUME(RecordOpen);
    const names = this.list(1, this.importedName);
    this.CONSUME(RecordClose);
    this.CONSUME(kw.from);
    const from = this.string(this.CONSUME(StringLiteral));
    return { kind: "import", names, from, at: this.from(first) };
  });

  readonly importedName: Rule<Import["names"][number]> = this.rule("importedName", () => {
    const name = this.SUBRULE(this.newName);
    let alias: typeof name | undefined;
    this.OPTION(() => {
      this.CONSUME(kw.as);
      alias = this.SUBRULE1(this.newName);
    });
    return alias ? { name, alias } : { name };
  });

  private string(token: IToken): { readonly text: string; readonly at: Import["at"] } {
    const at = this.at(token);
    return { text: unquote(token.image, at, (diagnostic) => this.diagnostics.push(diagnostic)), at };
  }

  readonly declaration: Rule<Declaration> = this.rule("declaration", () => {
    const first = this.LA(1);
    const doc = this.docs.get(first.startLine ?? 0) ?? "";
    let exported = false;
    this.OPTION(() => {
      this.CONSUME(kw.export);
      exported = true;
    });
    const declared = this.OR<Bare<TypeDeclaration> | Bare<FunctionDeclaration>>([
      { ALT: () => this.SUBRULE(this.type) },
      { ALT: () => this.SUBRULE(this.function) },
    ]);
    return { ...declared, exported, doc, at: this.from(first) };
  });

  readonly type: Rule<Bare<TypeDeclaration>> = this.rule("type", () => {
    this.CONSUME(kw.type);
    const name = this.SUBRULE(this.newName);
    const sizes = this.SUBRULE(this.declaredSizes);
    this.CONSUME(sym["="]);
    return { kind: "type", name, sizes, record: this.SUBRULE(this.recordType) };
  });

  readonly declaredSizes: Rule<TypeDeclaration["sizes"]> = this.rule("declaredSizes", () => {
    let sizes: TypeDeclaration["sizes"] = [];
    this.OPTION(() => {
      this.CONSUME(sym["["]);
      sizes = this.list(1, this.newName);
      this.CONSUME(sym["]"]);
    });
    return sizes;
  });

  readonly function: Rule<Bare<FunctionDeclaration>> = this.rule("function", () => {
    let host = false;
    this.OPTION(() => {
      this.CONSUME(kw.host);
      host = true;
    });
    this.CONSUME(kw.fn);
    const name = this.SUBRULE(this.newName);
    this.CONSUME(sym["("]);
    let params: readonly ParamSyntax[] = [];
    this.OPTION1(() => {
      params = this.list(1, this.param);
    });
    this.CONSUME(sym[")"]);
    this.CONSUME(sym["->"]);
    const result = this.SUBRULE(this.valueType);
    return { kind: "function", host, name, params, result, body: this.SUBRULE(this.block) };
  });

  readonly param: Rule<ParamSyntax> = this.rule("param", () => {
    const name = this.name(this.CONSUME(Name));
    this.CONSUME(sym[":"]);
    return { name, type: this.SUBRULE(this.paramType) };
  });

  readonly paramType: Rule<TypeSyntax | FunctionTypeSyntax> = this.rule("paramType", () =>
    this.OR<TypeSyntax | FunctionTypeSyntax>([
      { ALT: () => this.SUBRULE(this.valueType) },
      { ALT: () => this.SUBRULE(this.functionType) },
    ]),
  );

  readonly functionType: Rule<FunctionTypeSyntax> = this.rule("functionType", () => {
    const first = this.CONSUME(kw.fn);
    let params: readonly TypeSyntax[] = [];
    this.CONSUME(sym["("]);
    this.OPTION(() => {
      params = this.list(1, this.valueType);
    });
    this.CONSUME(sym[")"]);
    this.CONSUME(sym["->"]);
    return { kind: "function", params, result: this.SUBRULE(this.valueType), at: this.from(first) };
  });

  readonly test: Rule<TestDeclaration> = this.rule("test", () => {
    const first = this.CONSUME(kw.test);
    const title = this.string(this.CONSUME(StringLiteral)).text;
    const body = this.SUBRULE(this.block);
    return { kind: "test", title, body, at: this.from(first) };
  });
}
