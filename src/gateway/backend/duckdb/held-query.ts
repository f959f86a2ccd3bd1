import type { Token } from "../../../syntax/token.js";
import { keywordOf } from "../../../syntax/token.js";

/** Where the statement stands that a command holds: from `start` to before `end`, in the script. */
export interface HeldPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * What `DECLARE c CURSOR FOR …`, `PREPARE p AS …` and `COPY (…) TO STDOUT` hold; undefined where that is nothing, and for
 * all other commands. `end` is the command's own.
 */
export function heldPlace(tokens: readonly Token[], end: number): HeldPlace | undefined {
  switch (keywordOf(tokens[0])) {
    case "DECLARE":
      return behindWord("FOR", tokens, end);
    case "PREPARE":
      return behindWord("AS", tokens, end);
    case "COPY":
      return tokens[1]?.text === "(" ? withinBrackets(tokens) : undefined;
  }
  return undefined;
}

/** The words before are reserved; types of parameters stand in brackets. */
function behindWord(word: string, tokens: readonly Token[], end: number): HeldPlace | undefined {
  const depths = bracketDepths(tokens);
  const index = tokens.findIndex((token, at) => depths[at] === 0 && keywordOf(token) === word);
  const next = index === -1 ? undefined : tokens[index + 1];
  return next === undefined ? undefined : { start: next.start, end };
}

function withinBrackets(tokens: readonly Token[]): HeldPlace | undefined {
  const depths = bracketDepths(tokens);
  const close = tokens.findIndex(({ kind }, at) => at > 1 && kind === "close" && depths[at] === 0);
  const [first, last] = [tokens[2], tokens[close]];
  return first === undefined || last === undefined || close === 2 ? undefined : { start: first.start, end: last.start };
}

/** How many brackets are open at each token, after it. */
function bracketDepths(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  return tokens.map(({ kind }) => {
    depth += kind === "open" ? 1 : kind === "close" ? -1 : 0;
    return depth;
  });
}
