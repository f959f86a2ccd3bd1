import { typedPieces } from "../syntax/read-tokens.js";
import type { TypedPiece } from "../syntax/typed-piece.js";

/** A piece of a text that may end anywhere, in the middle of a quotation too. */
export interface LooseToken {
  readonly kind: "word" | "name" | "string" | "number" | "symbol" | "comment";
  /** A quoted name's or string's without its quotes; all else as typed. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True for a quotation that the text does not close, and a comment that goes on at the text's end. */
  readonly isOpen: boolean;
}

/** The tokens of any text, whitespace left out. */
export function looseTokens(text: string): readonly LooseToken[] {
  return typedPieces(text).flatMap((piece) => (piece.kind === "space" ? [] : [looseToken(piece)]));
}

function looseToken({ kind, text, start }: TypedPiece): LooseToken {
  const place = { start, end: start + text.length };
  switch (kind) {
    case "comment":
      return { kind, text, ...place, isOpen: text.startsWith("--") || !/^\/\*[\s\S]*\*\/$/.test(text) };
    case "string":
    case "name":
      return { kind, ...place, ...quotedContent(text) };
    case "word":
    case "number":
      return { kind, text, ...place, isOpen: false };
    default:
      return { kind: "symbol", text, ...place, isOpen: false };
  }
}

function quotedContent(whole: string): Pick<LooseToken, "text" | "isOpen"> {
  if (whole.startsWith("$")) return { text: whole, isOpen: !/^(\$\w*\$)[\s\S]*\1$/.test(whole) };
  const [, quote = "'", content = ""] = /^E?(['"`])([\s\S]*)$/i.exec(whole) ?? [];
  // An even number of quotes at the end is of the content: `'it''` is open.
  const quotesAtEnd = content.length - content.replace(new RegExp(`${quote}+$`), "").length;
  const isOpen = quotesAtEnd % 2 === 0;
  return { text: content.slice(0, isOpen ? undefined : -1).replaceAll(quote + quote, quote), isOpen };
}
