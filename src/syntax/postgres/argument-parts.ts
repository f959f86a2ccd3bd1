import type { StatementToken } from "./statement-tokens.js";
import { statementTokens } from "./statement-tokens.js";
import type { TextPart } from "./write-parts.js";

/** Where the values of a call's arguments stand in a statement's text, in their order; `start` is before the call. */
export function argumentParts(text: string, start: number): readonly TextPart[] {
  const tokens = statementTokens(text);
  const open = tokens.findIndex((token) => token.start >= start && token.text === "(");
  const opening = tokens[open];
  if (opening === undefined) return [];
  const close = tokens.findIndex(
    ({ text: sign, depth }, index) => index > open && sign === ")" && depth === opening.depth,
  );
  const parts: StatementToken[][] = [];
  let brackets = 0;
  for (const token of tokens.slice(open + 1, close)) {
    if (token.text === "[") brackets += 1;
    if (token.text === "]") brackets -= 1;
    const isBetween = token.text === "," && token.depth === opening.depth && brackets === 0;
    if (isBetween || parts.length === 0) parts.push([]);
    if (!isBetween) parts.at(-1)?.push(token);
  }
  return parts.flatMap((part) => {
    const value = withoutName(part);
    const [first, last] = [value[0], value.at(-1)];
    return first === undefined || last === undefined ? [] : [{ start: first.start, end: last.end }];
  });
}

/** `name => value`, `name := value`: signs are tokens of one character. */
function withoutName(part: readonly StatementToken[]): readonly StatementToken[] {
  const [, first, second] = part;
  const arrow = `${first?.text}${second?.text}`;
  return (arrow === "=>" || arrow === ":=") && first?.end === second?.start ? part.slice(3) : part;
}
