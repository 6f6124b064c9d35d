// `npm run grammar`: writes the files that are made from the grammar. Run from the project's root.
import fs from "node:fs";
import { generatedFiles } from "./generated.js";

for (const [name, text] of generatedFiles()) fs.writeFileSync(`grammar/${name}`, text);
