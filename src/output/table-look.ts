/** How a table is drawn. */
export interface TableLook {
  /** As psql has them: 0 spaces alone, 1 lines between columns, 2 a frame. */
  readonly border: 0 | 1 | 2;
  /** What stands for NULL. */
  readonly nullText: string;
  /** NULL is dimmed, by codes of the terminal's. */
  readonly isColored: boolean;
}

export const plainLook: TableLook = { border: 1, nullText: "NULL", isColored: false };

const dim = "\u001b[2m";
const plain = "\u001b[0m";

/** A cell that has its width already. */
export function lookedCell(fitted: string, isNull: boolean, { isColored }: TableLook): string {
  return isNull && isColored ? `${dim}${fitted}${plain}` : fitted;
}
