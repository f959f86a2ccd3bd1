import type { SqlToken } from "../normalise.js";
import { tokenClass } from "./token-class.js";

const column = "N(?:\\.N)?";
const constant = "(?:[sdput]|-d)";
const operand = `(?:${column}|${constant})`;
const item = `(?:\\*|N\\.\\*|${operand}(?:AN)?)`;
const table = "N(?:\\.N)?(?:AN)?";
const list = `\\(${constant}(?:,${constant})*\\)`;
const comparison = `${operand}(?:c${operand}|i!?u|!?I${list}|!?B${operand}&${operand}|!?L${constant})`;
const order = `(?:${column}|d)a?(?:nf)?`;
const limit = "(?:M[dp](?:o[dp])?|o[dp])?";

/**
 * SELECT of columns and constants FROM one table WHERE comparisons joined by AND, ORDER BY columns, LIMIT and OFFSET:
 * no parentheses but IN's, no calls, no operators but those of comparison, aliases with AS. A name is one token, so
 * that what follows a part decides it: no token is looked at more than twice.
 */
const plainSelect = new RegExp(
  `^S${item}(?:,${item})*F${table}(?:W${comparison}(?:&${comparison})*)?(?:Oy${order}(?:,${order})*)?${limit}$`,
);

/** Longer ones are faster read by an engine. */
const tokenLimit = 1000;

/** The classes of a plain SELECT's tokens; undefined where it is none. */
export function plainClasses(tokens: readonly SqlToken[]): string | undefined {
  if (tokens.length > tokenLimit) return undefined;
  const classes = tokens.map(tokenClass).join("");
  return plainSelect.test(classes) ? classes : undefined;
}
