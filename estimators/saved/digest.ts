// The digest of a saved model: of its values, not of how a tool lays out their text or orders the keys.

/** The Fowler-Noll-Vo hash (FNV-1a) of 32 bits, twice from different starts, over the canonical JSON of `value`. Any one changed character changes it. */
export function digestOf(value: unknown): string {
  let a = 0x811c9dc5;
  let b = 0x050c5d1f;
  const feed = (text: string): void => {
    for (let k = 0; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x01000193);
    }
  };
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      feed("[");
      for (const [k, v] of part.entries()) {
        if (k > 0) feed(",");
        visit(v);
      }
      feed("]");
    } else if (typeof part === "object" && part !== null) {
      feed("{");
      const entries = Object.entries(part).sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0));
      for (const [k, [key, v]] of entries.entries()) {
        feed(`${k > 0 ? "," : ""}${JSON.stringify(key)}:`);
        visit(v);
      }
      feed("}");
    } else feed(JSON.stringify(part) ?? "");
  };
  visit(value);
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
