/** "(3 rows)" */
export function rowCountLine(count: number, isCut = false): string {
  const note = isCut ? "; values that end in … are cut to fit" : "";
  return `(${count} ${count === 1 ? "row" : "rows"}${note})\n`;
}
