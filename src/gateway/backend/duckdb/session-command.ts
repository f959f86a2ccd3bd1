import type { Token } from "../../../syntax/token.js";
import { keywordOf } from "../../../syntax/token.js";

/**
 * First words of the commands that are the session's own: they are PostgreSQL's, by whose parser they are read. What
 * PostgreSQL has them hold, a query of a cursor's, is in the driver's dialect.
 */
const sessionWords: ReadonlySet<string> = new Set([
  ...["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"],
  ...["SET", "RESET", "DISCARD", "DECLARE", "FETCH", "MOVE", "CLOSE", "PREPARE", "DEALLOCATE", "COPY"],
  ...["LISTEN", "UNLISTEN", "NOTIFY", "LOCK", "VACUUM", "ANALYZE", "ANALYSE"],
]);

/** What SHOW lists that is no setting. */
const lists: ReadonlySet<string> = new Set(["TABLES", "PROCEDURES", "FUNCTIONS", "WRITES", "WRITE"]);

/** Whether a statement is a command of the session's, by its first words. `isProcedure`: whether Stripe has a call of that name. */
export function isSessionCommand(tokens: readonly Token[], isProcedure: (name: Token) => boolean): boolean {
  const [first, second, third] = tokens;
  const word = keywordOf(first);
  switch (word) {
    case undefined:
      return false;
    case "SHOW":
      return !lists.has(keywordOf(keywordOf(second) === "ALL" && third !== undefined ? third : second) ?? "");
    case "EXECUTE":
      return second !== undefined && executesPrepared(tokens.slice(1), isProcedure);
  }
  return sessionWords.has(word);
}

/** Of `EXECUTE name …`: a procedure's inputs have their names, a prepared statement's values have none. */
function executesPrepared([name, ...given]: readonly Token[], isProcedure: (name: Token) => boolean): boolean {
  const [open, first, second] = given;
  if (name === undefined) return false;
  if (open === undefined) return !isProcedure(name);
  if (open.text !== "(") return false;
  if (first?.text === ")") return !isProcedure(name);
  return first?.text !== "@" && !(first?.kind === "word" && /^[:=]$/.test(second?.text ?? ""));
}
