// The packages that compiling needs. They are optional peers: who only fits and predicts installs neither.

/** What to ask npm for. */
export const compilerPeers = { binaryen: "^130.0.0", chevrotain: "^11.2.0" } as const;

/** What to do about an import that failed because one of them is not there; nothing where it failed for another reason. */
export function missingPeer(error: unknown): string | undefined {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const name = Object.keys(compilerPeers).find((peer) => error.message.includes(`'${peer}'`));
  if (name === undefined) return undefined;
  const install = Object.entries(compilerPeers).map(([peer, range]) => `${peer}@${range.replace(/^\^(\d+).*/, "$1")}`);
  return `compiling .fold files needs the package ${name}, which is not installed: npm install --save-dev ${install.join(" ")}`;
}
