import type { ConnectionDescription } from "../driver/api.js";
import { metaCommands } from "./meta-command.js";

/** Names that may stand at the end of a text, and the part of it that they replace. */
export type Completion = readonly [candidates: readonly string[], replaced: string];

const keywords = [
  ..."SELECT FROM WHERE AND OR NOT IN IS NULL LIKE ILIKE BETWEEN EXISTS AS DISTINCT ALL ON USING JOIN LEFT RIGHT FULL".split(
    " ",
  ),
  ..."INNER OUTER CROSS GROUP ORDER BY HAVING QUALIFY LIMIT OFFSET ASC DESC NULLS FIRST LAST UNION INTERSECT EXCEPT".split(
    " ",
  ),
  ..."WITH RECURSIVE VALUES CASE WHEN THEN ELSE END CAST INTERVAL OVER PARTITION FILTER INSERT INTO UPDATE SET DELETE".split(
    " ",
  ),
  ..."RETURNING EXEC EXECUTE CALL EXPLAIN ANALYZE SHOW TABLES PROCEDURES WRITES RESUME FORGET WRITE DESCRIBE SET RESET CREATE REPLACE TEMP VIEW DROP TIMEZONE BEGIN COMMIT ROLLBACK TRUE FALSE".split(
    " ",
  ),
] as const;

const wordAtEnd = /[\\\w]*$/;
const afterTableWord = /\b(from|join|into|update|describe|desc)\s+["`[]?$/i;
const afterProcedureWord = /\b(exec|execute|call)\s+$/i;
const procedureCall = /\b(?:exec|execute|call)\s+(\w+)\s[^;]*$/i;
const qualified = /(\w+)\.$/;
const tableMention =
  /\b(?:from|join|into|update)\s+["`[]?(\w+)["`\]]?(?:\s+(?:as\s+)?(?!where|join|on|set|left|right|inner|order|group|limit)(\w+))?|,\s*(\w+)\s+(\w+)/gi;

/** Completes the last word of a statement's text, by what stands before it. */
export function complete(text: string, description: ConnectionDescription): Completion {
  const word = wordAtEnd.exec(text)?.[0] ?? "";
  const before = text.slice(0, text.length - word.length);
  return [startingWith(word, candidates(word, before, text, description)), word];
}

function candidates(word: string, before: string, text: string, description: ConnectionDescription): readonly string[] {
  if (word.startsWith("\\")) return before.trim() === "" ? metaCommands.map(([name]) => name) : [];
  if (/^\s*\\d[t]?\s+$/.test(before)) return description.tables;
  if (/^\s*\\df\s+$/.test(before)) return description.procedures;
  if (afterTableWord.test(before)) return description.tables;
  if (afterProcedureWord.test(before)) return description.procedures;
  const call = procedureCall.exec(before);
  if (call?.[1] !== undefined) return knownParameters(call[1], description);
  const tables = mentionedTables(text, description);
  const qualifier = qualified.exec(before)?.[1];
  if (qualifier !== undefined) return qualifiedColumns(qualifier, tables, description);
  const columns = [...new Set(tables.map(({ table }) => table))].flatMap((table) => description.columns(table));
  return [...columns, ...(word === "" ? [] : keywordsLike(word))];
}

function startingWith(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return [...new Set(names.filter((name) => name.toLowerCase().startsWith(wanted)))].sort();
}

/** Keywords in the case in which the word is typed. */
function keywordsLike(word: string): readonly string[] {
  return word === word.toLowerCase() ? keywords.map((keyword) => keyword.toLowerCase()) : keywords;
}

interface TableMention {
  readonly table: string;
  readonly alias: string;
}

function mentionedTables(text: string, description: ConnectionDescription): readonly TableMention[] {
  return [...text.matchAll(tableMention)].flatMap((match) => {
    const name = match[1] ?? match[3] ?? "";
    const table = description.tables.find((one) => one.toLowerCase() === name.toLowerCase());
    return table === undefined ? [] : [{ table, alias: match[2] ?? match[4] ?? table }];
  });
}

function qualifiedColumns(
  qualifier: string,
  mentions: readonly TableMention[],
  description: ConnectionDescription,
): readonly string[] {
  const wanted = qualifier.toLowerCase();
  const mention = mentions.find(({ table, alias }) => [table, alias].some((name) => name.toLowerCase() === wanted));
  return mention === undefined ? [] : description.columns(mention.table);
}

function knownParameters(name: string, description: ConnectionDescription): readonly string[] {
  const procedure = description.procedures.find((one) => one.toLowerCase() === name.toLowerCase());
  return procedure === undefined ? [] : description.parameters(procedure);
}
