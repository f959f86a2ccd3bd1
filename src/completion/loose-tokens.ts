/** A piece of a text that may end anywhere, in the middle of a quotation too. */
export interface LooseToken {
  readonly kind: "word" | "name" | "string" | "number" | "symbol" | "comment";
  /** A quoted name's or string's without its quotes; a word's as typed. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True for a quotation or a comment that the text does not close. */
  readonly isOpen: boolean;
}

const pieces: readonly (readonly [kind: LooseToken["kind"], piece: RegExp])[] = [
  ["comment", /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ["string", /'(?:[^']|'')*(?:'|$)/y],
  ["string", /\$([a-z_]*)\$[\s\S]*?(?:\$\1\$|$)/iy],
  ["name", /"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)/y],
  ["number", /\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+/iy],
  ["word", /[@:]?[\p{L}_][\p{L}\p{N}_$]*/uy],
  ["symbol", /->>|->|::|<>|!=|<=|>=|\|\||=>|\S/uy],
];

/** The tokens of any text, whitespace left out. Never fails: what is no token of SQL is a symbol. */
export function looseTokens(text: string): readonly LooseToken[] {
  const tokens: LooseToken[] = [];
  for (let offset = skipSpace(text, 0); offset < text.length; offset = skipSpace(text, offset)) {
    const token = tokenAt(text, offset);
    tokens.push(token);
    offset = token.end;
  }
  return tokens;
}

function skipSpace(text: string, from: number): number {
  const space = /\s*/y;
  space.lastIndex = from;
  space.exec(text);
  return space.lastIndex;
}

function tokenAt(text: string, start: number): LooseToken {
  for (const [kind, piece] of pieces) {
    piece.lastIndex = start;
    const whole = piece.exec(text)?.[0];
    if (whole !== undefined) return { kind, start, end: start + whole.length, ...contentOf(kind, whole) };
  }
  return { kind: "symbol", text: text.charAt(start), start, end: start + 1, isOpen: false };
}

function contentOf(kind: LooseToken["kind"], whole: string): Pick<LooseToken, "text" | "isOpen"> {
  if (kind === "comment") return { text: whole, isOpen: whole.startsWith("--") || !/^\/\*[\s\S]*\*\/$/.test(whole) };
  if (kind !== "string" && kind !== "name") return { text: whole, isOpen: false };
  const quote = whole.charAt(0);
  if (quote === "$") return { text: whole, isOpen: !/^(\$\w*\$)[\s\S]*\1$/.test(whole) };
  const isOpen = whole.length === 1 || !whole.endsWith(quote) || hasEvenEnd(whole, quote);
  const content = whole.slice(1, isOpen ? undefined : -1);
  return { text: content.replaceAll(quote + quote, quote), isOpen };
}

/** `'it''` is open: its last two quotes are one of its content. */
function hasEvenEnd(whole: string, quote: string): boolean {
  const trailing = whole.slice(1).length - whole.slice(1).replace(new RegExp(`${quote}+$`), "").length;
  return trailing % 2 === 0;
}
