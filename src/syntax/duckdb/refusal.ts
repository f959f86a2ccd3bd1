import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SqlText } from "../sql-text.js";
import { syntaxError, tooDeep } from "../syntax-error.js";
import type { SerializedNode } from "./serialized-node.js";
import { textAt } from "./serialized-node.js";

/** The error for a text that DuckDB cannot read: 42601 with its place, 0A000 for what it knows and does not do, 54000. */
export function refusal(tree: SerializedNode, text: SqlText): StripeSqlError {
  const message = textAt(tree, "error_message");
  if (/^(Max expression depth limit|memory exhausted)/.test(message)) return tooDeep(message);
  if (message === "errhint NOT IMPLEMENTED") return limitWithComma(text);
  if (textAt(tree, "error_type") === "not implemented" || / not supported\b/.test(message))
    return notImplemented(/\bBETWEEN\s+SYMMETRIC\b/i.test(text.sql) ? "BETWEEN SYMMETRIC is not supported" : message);
  const missing = missingParts.get(/^(\w+) NOT IMPLEMENTED$/.exec(message)?.[1] ?? "");
  if (missing !== undefined) return notImplemented(`${missing} not supported`);
  const offset = offsetOfCharacter(text.sql, textAt(tree, "position"));
  return offset === undefined ? syntaxError(whole(message), { position: undefined }) : placed(message, text, offset);
}

/** `LIMIT 2, 3` as MySQL has it: the one mistake for which PostgreSQL's grammar has a hint. */
function limitWithComma({ sql }: SqlText): StripeSqlError {
  const [, offset, limit] = /\blimit\s+(\d+)\s*,\s*(\d+)/i.exec(sql) ?? [];
  return new StripeSqlError("LIMIT #,# is not supported", {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    hint: limit === undefined ? undefined : `Write LIMIT ${limit} OFFSET ${offset}.`,
  });
}

function notImplemented(message: string): StripeSqlError {
  return new StripeSqlError(
    namesNodes.test(message) ? "this form of a query is not supported" : message.replace(/!$/, ""),
    {
      sqlState: SqlState.featureNotSupported,
      phase: "syntax",
    },
  );
}

/** What DuckDB's parser knows of PostgreSQL's and does not do, by the function that it lacks. */
const missingParts: ReadonlyMap<string, string> = new Map([
  ["NameListToString", "names of more than three parts are"],
  ["pg_verifymbstr", "texts and names with Unicode escapes (U&) are"],
  ["unicode_to_utf8", "texts and names with Unicode escapes (U&) are"],
]);

/** Messages that speak of DuckDB's own parts, not of the text's. */
const namesNodes = /^(Only SELECT statements can be serialized|Expression type T_)/;

function whole(message: string): string {
  return message.startsWith("exprLocation") ? "a query has one ORDER BY, one LIMIT and one OFFSET at most" : message;
}

/** What is not in the script, such as a parenthesis that was put around an expression, is not named. */
function placed(message: string, { places }: SqlText, offset: number): StripeSqlError {
  const next = places.find(({ start, length }) => offset < start + length);
  if (next !== undefined && next.start <= offset)
    return syntaxError(message, { position: next.position + offset - next.start });
  const before = places.findLast(({ start }) => start < offset);
  return syntaxError(message.replace(/^(syntax error) at .*$/s, next === undefined ? "$1 at end of input" : "$1"), {
    position: before === undefined ? undefined : before.position + before.length,
  });
}

/** DuckDB counts characters, where JavaScript counts the two halves of some. */
function offsetOfCharacter(sql: string, position: string): number | undefined {
  if (position === "") return undefined;
  let offset = 0;
  let count = Number(position);
  for (const character of sql) {
    if (count <= 0) break;
    offset += character.length;
    count -= 1;
  }
  return offset;
}
