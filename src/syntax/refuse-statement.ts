import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import { foundMessage, syntaxError } from "./syntax-error.js";
import type { Token } from "./token.js";
import { keywordOf } from "./token.js";

const supported =
  "SELECT INSERT UPDATE DELETE MERGE COPY EXEC EXECUTE CALL EXPLAIN SHOW DESCRIBE SET RESET RESUME FORGET REFRESH CREATE DROP BEGIN COMMIT ROLLBACK WITH VALUES FROM".split(
    " ",
  );

/** Statements of SQL and DuckDB that are not run here. */
const unsupported = new Set(
  (
    "ALTER ANALYZE ATTACH CHECKPOINT CLOSE CLUSTER COMMENT COPY CREATE DEALLOCATE DECLARE DETACH DO DROP EXPORT FETCH FORCE GRANT " +
    "IMPORT INSTALL LISTEN LOAD LOCK MOVE NOTIFY PRAGMA PREPARE REINDEX RELEASE RENAME REPLACE REVOKE SAVEPOINT " +
    "SET TRUNCATE UNINSTALL UNLISTEN UPSERT USE VACUUM"
  ).split(" "),
);

const hint =
  "Supported are SELECT, INSERT, UPDATE, DELETE, MERGE, COPY … FROM 'file', EXEC, EXPLAIN, SHOW, DESCRIBE, SET, RESET, RESUME WRITE, FORGET, CREATE [TEMP] VIEW, CREATE TEMP TABLE … AS, REFRESH, DROP VIEW, DROP TABLE and BEGIN, COMMIT, ROLLBACK.";

/** Of words that begin other statements which are: what those make or remove. */
const others: ReadonlyMap<string, { readonly message: string; readonly hint: string }> = new Map([
  [
    "CREATE",
    {
      message: "what is not a view or a temp table of a query cannot be created",
      hint: "CREATE TEMP TABLE … AS SELECT … keeps the rows of a query for the session, CREATE [TEMP] VIEW … AS SELECT … a query by its name.",
    },
  ],
  [
    "DROP",
    {
      message: "what is not a view or a temp table cannot be dropped",
      hint: "DROP VIEW and DROP TABLE remove views and temp tables.",
    },
  ],
]);

/** The error for a statement that begins with a word of no statement of ours. */
export function unsupportedStatement(keyword: Token): StripeSqlError {
  if (unsupported.has(keywordOf(keyword) ?? "")) return notSupported(keyword);
  const near = didYouMean(keyword.text.toUpperCase(), supported);
  return syntaxError(`syntax error at or near "${keyword.text}"`, {
    position: keyword.start,
    detail: "Expected a statement such as SELECT, INSERT, UPDATE, DELETE, EXEC or EXPLAIN.",
    hint: near,
  });
}

function notSupported(keyword: Token): StripeSqlError {
  const name = keyword.text.toUpperCase();
  return new StripeSqlError(others.get(name)?.message ?? `${name} is not supported`, {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    position: keyword.start,
    hint: others.get(name)?.hint ?? hint,
  });
}

const queryStarts = new Set("SELECT WITH VALUES FROM TABLE PIVOT UNPIVOT SUMMARIZE".split(" "));
const writeStarts = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"]);

/**
 * What begins as a query must be one: behind opening parentheses and behind WITH's list, and at the beginning of each
 * of that list's parentheses, no statement that changes anything may stand.
 */
export function refuseOtherThanQuery(tokens: readonly Token[], source: string): void {
  const first = tokens.find(({ kind }) => kind !== "open");
  if (first === undefined || !queryStarts.has(keywordOf(first) ?? "")) {
    throw syntaxError(foundMessage(source, first?.start ?? source.length), {
      position: first?.start ?? source.length,
      detail: "Expected a query: SELECT, WITH, VALUES or FROM.",
    });
  }
  refuseWritesWithin(tokens);
}

/** Refuses a statement that changes anything at the beginning of parentheses, or behind those of WITH's list. */
export function refuseWritesWithin(tokens: readonly Token[]): void {
  const write = tokens.find(
    (token, index) => writeStarts.has(keywordOf(token) ?? "") && beginsStatement(tokens, index),
  );
  if (write !== undefined) throw writeInQuery(write);
}

/** At the beginning of parentheses, or behind WITH's last ones, and followed by the word or name that it takes. */
function beginsStatement(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  return (before?.text === "(" || before?.text === ")") && (after?.kind === "word" || after?.kind === "name");
}

function writeInQuery(keyword: Token): StripeSqlError {
  return new StripeSqlError(`${keyword.text.toUpperCase()} inside a query is not supported`, {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    position: keyword.start,
    hint: "Write it as a statement of its own; INSERT takes a SELECT as its rows.",
  });
}
