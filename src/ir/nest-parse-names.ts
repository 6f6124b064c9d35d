// The lower half of the parser of Nest IR: a cursor over the tokens, names in scope, types and sizes.
import type { Span } from "../compiler/diagnostic.js";
import { addSizes, divideSizes, multiplySizes, negateSize, type Size, sizeConstant, sizeOf } from "../compiler/size.js";
import type { ArrayVar, Scalar, Var } from "./nest.js";
import { IrSyntaxError, type Token } from "./nest-lex.js";

const scalars: ReadonlySet<string> = new Set(["f32", "f64", "i32", "u32", "bool"]);
export const isScalar = (text: string): text is Scalar => scalars.has(text);

export class Cursor {
  protected at = 0;
  protected files: string[] = [];
  protected vars = new Map<string, Var>();
  protected arrays = new Map<string, ArrayVar>();
  private nextId: number;

  constructor(private readonly tokens: readonly Token[]) {
    const ids = tokens.flatMap((t) =>
      t.kind === "name" && t.text.includes(".") ? [Number(t.text.split(".")[1])] : [],
    );
    this.nextId = ids.reduce((a, b) => Math.max(a, b), -1) + 1;
  }

  protected get token(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "", line: 0 };
  }
  protected peek = (): Token => this.tokens[this.at + 1] ?? this.token;
  protected fail(expected: string): never {
    throw new IrSyntaxError(`line ${this.token.line}: expected ${expected}, found ${this.token.text || "the end"}`);
  }
  protected is = (text: string): boolean => this.token.text === text && this.token.kind !== "string";
  protected next(): string {
    const { text } = this.token;
    this.at++;
    return text;
  }
  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }
  protected expect(text: string): void {
    if (!this.accept(text)) this.fail(text);
  }
  protected name = (): string => (this.token.kind === "name" ? this.next() : this.fail("a name"));
  protected string = (): string =>
    this.token.kind === "string" ? String(JSON.parse(this.next())) : this.fail("a string");
  protected integer = (): number => (this.token.kind === "number" ? Number(this.next()) : this.fail("an integer"));
  protected scalar(): Scalar {
    const { text } = this.token;
    if (!isScalar(text)) return this.fail("a scalar type");
    this.at++;
    return text;
  }
  protected list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.is(end)) {
      items.push(item());
      if (!this.accept(",")) break;
    }
    this.expect(end);
    return items;
  }
  protected span(): Span {
    if (!this.accept("@")) return { file: "", start: 0, end: 0 };
    const file = this.files[this.integer()] ?? this.fail("a file");
    this.expect(":");
    const start = this.integer();
    this.expect(":");
    return { file, start, end: this.integer() };
  }

  /** What `f` names is out of scope after it. */
  protected scope<T>(f: () => T): T {
    const { vars, arrays } = this;
    this.vars = new Map(vars);
    this.arrays = new Map(arrays);
    const result = f();
    this.vars = vars;
    this.arrays = arrays;
    return result;
  }
  protected newName(): { readonly label: string; readonly id: number; readonly name: string } {
    const label = this.name();
    const [name = "", id] = label.split(".");
    return { label, id: id === undefined ? this.nextId++ : Number(id), name };
  }
  protected newVar(mutable: boolean, type?: Scalar): Var {
    const { label, id, name } = this.newName();
    if (type === undefined) this.expect(":");
    const v: Var = { id, name, type: type ?? this.scalar(), mutable };
    this.vars.set(label, v);
    return v;
  }
  /** An array and the text by which it goes; it is not yet in scope. */
  protected newArray(role: "local" | "param" = "local"): { readonly label: string; readonly array: ArrayVar } {
    const result = this.accept("result");
    const mutable = this.accept("var");
    const { label, id, name } = this.newName();
    this.expect(":");
    const type = this.scalar();
    this.expect("[");
    const shape = this.list("]", () => this.size());
    return { label, array: { id, name, type, shape, role: result ? "result" : role, mutable } };
  }
  protected declareArray(role?: "param"): ArrayVar {
    const { label, array } = this.newArray(role);
    this.arrays.set(label, array);
    return array;
  }
  protected useVar(): Var {
    const v = this.vars.get(this.token.text) ?? this.fail("a scalar in scope");
    this.at++;
    return v;
  }
  protected useArray(): ArrayVar {
    const a = this.arrays.get(this.token.text) ?? this.fail("an array in scope");
    this.at++;
    return a;
  }

  private size(): Size {
    let sum = this.accept("-") ? negateSize(this.sizeProduct()) : this.sizeProduct();
    for (;;) {
      if (this.accept("+")) sum = addSizes(sum, this.sizeProduct());
      else if (this.accept("-")) sum = addSizes(sum, negateSize(this.sizeProduct()));
      else return sum;
    }
  }
  private sizeProduct(): Size {
    let product = this.sizeAtom();
    for (;;) {
      if (this.accept("*")) product = multiplySizes(product, this.sizeAtom());
      else if (this.accept("div")) product = divideSizes(product, this.sizeAtom());
      else return product;
    }
  }
  private sizeAtom(): Size {
    if (this.token.kind === "number") return sizeConstant(this.integer());
    if (!this.accept("(")) return sizeOf(this.useVar());
    const s = this.size();
    this.expect(")");
    return s;
  }
}
