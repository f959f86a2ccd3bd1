import { readTokensIfWhole } from "../../syntax/read-tokens.js";
import { keywordOf } from "../../syntax/token.js";

const readingKeywords = new Set([
  ...["SELECT", "WITH", "VALUES", "FROM", "TABLE", "PIVOT", "UNPIVOT", "SUMMARIZE"],
  ...["EXPLAIN", "SHOW", "DESCRIBE", "DESC"],
]);

/** True for a statement that does more than read, or that cannot be read. */
export function isWrite(text: string): boolean {
  const first = readTokensIfWhole(text)?.[0];
  return first !== undefined && first.kind !== "open" && !readingKeywords.has(keywordOf(first) ?? "");
}
