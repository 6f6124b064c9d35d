// Keeps trees shallow enough for the stages after the parser, which call themselves. A long sum is a deep tree though the parser reads it in a loop.
import type { Diagnostic, Span } from "../src/compiler/diagnostic.js";

const deepestTree = 500;

type Node = { readonly at: Span; readonly kind: string };
const isNode = (value: object): value is Node => "kind" in value && "at" in value;

/** The first place where nodes stand too deep in each other. Walks without calling itself. */
export function tooDeep(root: object): Diagnostic | undefined {
  const stack: { readonly value: object; readonly depth: number; readonly last: Span | undefined }[] = [
    { value: root, depth: 0, last: undefined },
  ];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { value, last } = entry;
    const node = isNode(value);
    const depth = entry.depth + (node ? 1 : 0);
    const at = node ? value.at : last;
    if (depth > deepestTree && at)
      return {
        code: "P10",
        severity: "error",
        message: `this expression has more than ${deepestTree} operations one upon another`,
        at,
        help: "give a part of it a name with `let`, or put the numbers in an array",
      };
    for (const child of Object.values(value))
      if (typeof child === "object" && child !== null) stack.push({ value: child, depth, last: at });
  }
  return undefined;
}
