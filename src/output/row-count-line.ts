/** "(3 rows)" or, with a note, "(3 rows; …)". */
export function rowCountLine(count: number, note: string | undefined): string {
  return `(${[`${count} ${count === 1 ? "row" : "rows"}`, ...(note === undefined ? [] : [note])].join("; ")})\n`;
}
