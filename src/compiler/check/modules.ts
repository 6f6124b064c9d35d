// Modules: what each declares and imports; cycles of imports; names that are taken twice.
import { stdlibModules } from "../stdlib.js";
import type { Import, Module, Name } from "../syntax.js";
import { type FunctionInfo, isReserved, type ModuleInfo, report, type Session, type TypeInfo } from "./scope.js";
import { didYouMean, nearest } from "./suggest.js";

/** Modules whose imports are being followed, the outermost first. */
type Trail = readonly Module[];

/** A module's declarations and imports, with the modules that it imports, which are opened once. */
export function openModule(session: Session, syntax: Module, trail: Trail = []): ModuleInfo {
  const old = session.modules.get(syntax);
  if (old) return old;
  const info: ModuleInfo = { syntax, functions: new Map(), types: new Map(), failed: new Set() };
  session.modules.set(syntax, info);
  const taken = new Map<string, Name>();
  for (const d of syntax.declarations) {
    if (d.kind === "test") continue;
    if (!mayTake(session, taken, d.name)) continue;
    if (d.kind === "function")
      info.functions.set(d.name.text, { syntax: d, module: info, state: "new", usesHost: d.host });
    else info.types.set(d.name.text, { syntax: d, module: info, state: "new", sizes: [] });
  }
  for (const i of syntax.imports) openImport(session, info, i, taken, [...trail, syntax]);
  return info;
}

function mayTake(session: Session, taken: Map<string, Name>, name: Name): boolean {
  const old = taken.get(name.text);
  if (isReserved(name.text)) {
    report({ session }, "N03", name.at, `\`${name.text}\` is the name of a reducer or a type, which is reserved`, {
      help: `call it something else, such as \`${name.text}Of\``,
    });
    return false;
  }
  if (old) {
    report({ session }, "N04", name.at, `\`${name.text}\` is declared twice`, {
      label: "a second one",
      others: [{ at: old.at, text: "the first one" }],
      help: "rename one of them; an import is renamed by `as`",
    });
    return false;
  }
  taken.set(name.text, name);
  return true;
}

function openImport(session: Session, info: ModuleInfo, i: Import, taken: Map<string, Name>, trail: Trail): void {
  const failAll = (): void => {
    for (const n of i.names) info.failed.add((n.alias ?? n.name).text);
  };
  const syntax = session.resolve(i.from.text, info.syntax);
  if (!syntax) {
    const from = i.from.text;
    const near = from.startsWith("std/") ? nearest(from, stdlibModules()) : undefined;
    const meant = near && `did you mean "${near}"?`;
    report({ session }, "N05", i.from.at, `there is no module "${i.from.text}"`, {
      help: meant ?? 'a module is "std/linalg" and its kin, or a file beside this one: "./name"',
    });
    failAll();
    return;
  }
  if (trail.includes(syntax)) {
    report({ session }, "N07", i.from.at, `"${i.from.text}" imports this module, directly or through others`, {
      notes: [[...trail.slice(trail.indexOf(syntax)), syntax].map((m) => m.file).join(" imports ")],
      help: "put what both need into a third module",
    });
    failAll();
    return;
  }
  const from = openModule(session, syntax, trail);
  for (const { name, alias } of i.names) {
    const as = alias ?? name;
    const fn: FunctionInfo | undefined = from.functions.get(name.text);
    const type: TypeInfo | undefined = from.types.get(name.text);
    if (!fn && !type) {
      info.failed.add(as.text);
      if (from.failed.has(name.text)) continue;
      const help = didYouMean(name.text, [...from.functions.keys(), ...from.types.keys()]);
      report(
        { session },
        "N06",
        name.at,
        `"${i.from.text}" has no \`${name.text}\``,
        help ? { help } : { help: "look at its top-level names" },
      );
      continue;
    }
    if (!mayTake(session, taken, as)) continue;
    if (fn) info.functions.set(as.text, fn);
    if (type) info.types.set(as.text, type);
  }
}

/** A module of the standard library, where there is one. */
export function moduleNamed(session: Session, from: string, importer: ModuleInfo): ModuleInfo | undefined {
  const syntax = session.resolve(from, importer.syntax);
  return syntax && openModule(session, syntax);
}
