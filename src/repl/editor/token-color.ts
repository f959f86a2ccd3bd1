import { typedPieces } from "../../syntax/read-tokens.js";
import type { TypedPiece } from "../../syntax/typed-piece.js";

const keywords = new Set(
  [
    "SELECT FROM WHERE AND OR NOT IN IS NULL LIKE ILIKE BETWEEN EXISTS AS DISTINCT ALL ANY ON USING JOIN LEFT RIGHT FULL",
    "INNER OUTER CROSS LATERAL SEMI ANTI GROUP ORDER BY HAVING QUALIFY LIMIT OFFSET ASC DESC NULLS FIRST LAST UNION INTERSECT",
    "EXCEPT WITH RECURSIVE VALUES CASE WHEN THEN ELSE END CAST INTERVAL OVER PARTITION ROWS RANGE FILTER WINDOW INSERT INTO",
    "UPDATE SET DELETE RETURNING EXEC EXECUTE CALL EXPLAIN ANALYZE SHOW TABLES PROCEDURES WRITES RESUME FORGET WRITE DESCRIBE",
    "RESET CREATE REPLACE TEMP TEMPORARY TABLE VIEW DROP BEGIN COMMIT ROLLBACK TRUE FALSE DEFAULT PIVOT UNPIVOT SUMMARIZE",
  ].flatMap((line) => line.split(" ")),
);

/** Parameters of SGR, ECMA-48: the terminal's own colours, so that they suit its background. */
const colors = {
  keyword: "1;34",
  string: "32",
  number: "36",
  comment: "2",
  variable: "35",
  command: "1;33",
} as const;

export interface ColoredPart {
  readonly start: number;
  readonly end: number;
  /** Undefined for what has none. */
  readonly color: string | undefined;
}

/** The parts of typed text in order, each with its colour. A backslash command is one to its end of line. */
export function coloredParts(text: string): readonly ColoredPart[] {
  const parts: ColoredPart[] = [];
  let commandEnd = 0;
  for (const piece of typedPieces(text)) {
    const end = piece.start + piece.text.length;
    if (piece.start < commandEnd) continue;
    if (piece.text === "\\") {
      commandEnd = text.indexOf("\n", piece.start) < 0 ? text.length : text.indexOf("\n", piece.start);
      const nameEnd = Math.min(commandEnd, piece.start + (/^\\\S*/.exec(text.slice(piece.start))?.[0].length ?? 1));
      parts.push({ start: piece.start, end: nameEnd, color: colors.command });
      parts.push({ start: nameEnd, end: commandEnd, color: undefined });
    } else parts.push({ start: piece.start, end, color: colorOf(piece) });
  }
  return parts;
}

function colorOf({ kind, text }: TypedPiece): string | undefined {
  switch (kind) {
    case "word":
      return keywords.has(text.toUpperCase()) ? colors.keyword : undefined;
    case "string":
      return colors.string;
    case "number":
      return colors.number;
    case "comment":
      return colors.comment;
    case "parameter":
      return colors.variable;
    case "name":
    case "operator":
    case "space":
      return undefined;
  }
}
