// The table on the terminal.

/** Rows as aligned columns: the first ones to the left, numbers to the right. */
export function formatTable(rows: readonly (readonly string[])[], left: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("   ")
      .trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), widths.map((w) => "─".repeat(w)).join("───"), ...body.map(line)].join("\n");
}
