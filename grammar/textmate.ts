// The grammar that editors colour Fold by (TextMate's form, which VS Code and others read), made from the lexer's words.
import { builtins } from "../src/compiler/builtins.js";
import { keywords, reducers } from "./tokens.js";

const words = (list: readonly string[]): string => `(?<![A-Za-z0-9_.])(?:${list.join("|")})(?![A-Za-z0-9_])`;

const scalars = ["real", "wide", "i32", "u32", "bool", "size"];
const constants = ["true", "false", "pi", "eps", "tiny", "huge"];
const functions = [...builtins.values()].filter(({ intrinsic }) => !intrinsic).map(({ name }) => name);

const grammar = (): string =>
  JSON.stringify(
    {
      $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
      name: "Fold",
      scopeName: "source.fold",
      fileTypes: ["fold"],
      patterns: [
        { name: "comment.line.documentation.fold", match: "##.*$" },
        { name: "comment.line.number-sign.fold", match: "#.*$" },
        {
          name: "string.quoted.double.fold",
          begin: '"',
          end: '"|$',
          patterns: [
            { name: "constant.character.escape.fold", match: '\\\\["\\\\n]' },
            { name: "variable.other.fold", match: "\\{\\s*[A-Za-z_][A-Za-z0-9_.\\s]*\\}" },
          ],
        },
        {
          name: "constant.numeric.fold",
          match: "(?<![A-Za-z0-9_])(?:0[xX][0-9A-Fa-f]+|(?:\\d+\\.(?!\\.)\\d*|(?<!\\.)\\.\\d+|\\d+)(?:[eE][+-]?\\d+)?)",
        },
        {
          match: "(?<![A-Za-z0-9_.])(fn|type)\\s+([A-Za-z_][A-Za-z0-9_]*)",
          captures: { 1: { name: "keyword.fold" }, 2: { name: "entity.name.function.fold" } },
        },
        { name: "keyword.fold", match: words(keywords) },
        { name: "constant.language.fold", match: words(constants) },
        { name: "storage.type.fold", match: words(scalars) },
        { name: "support.function.reducer.fold", match: `${words(reducers)}(?=\\s*\\[)` },
        { name: "support.function.fold", match: `${words(functions)}(?=\\s*\\()` },
        { name: "entity.name.function.fold", match: "(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]*(?=\\()" },
        { name: "keyword.operator.fold", match: "==|!=|<=|>=|\\+=|-=|->|=>|\\.\\.|[-<>=+*/%@^']" },
      ],
    },
    null,
    2,
  );

/** As Biome lays JSON out: a list of one word on one line. */
export const textmate = (): string => `${grammar().replace(/\[\n\s+("[^"]*")\n\s+\]/g, "[$1]")}\n`;
