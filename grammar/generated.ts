// The files that are made from the grammar, by name. `npm run grammar` writes them, a test holds them current.
import { ebnf } from "./ebnf.js";
import { railroadPage } from "./railroad.js";
import { textmate } from "./textmate.js";

export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ["fold.ebnf", ebnf()],
    ["railroad.html", railroadPage()],
    ["fold.tmLanguage.json", textmate()],
  ]);
