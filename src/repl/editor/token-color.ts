import { keywords } from "../../syntax/keywords.js";
import { typedPieces } from "../../syntax/read-tokens.js";
import type { TypedPiece } from "../../syntax/typed-piece.js";

const keywordSet = new Set(keywords);

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
      return keywordSet.has(text.toUpperCase()) ? colors.keyword : undefined;
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
