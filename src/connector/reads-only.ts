import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseScript } from "../syntax/parse-script.js";
import type { ConnectorMethod } from "./connector.js";

/** Methods that change nothing at Stripe. SQL, tools and actions may all write. */
const readingMethods: ReadonlySet<ConnectorMethod> = new Set([
  "listEntities",
  "getEntity",
  "listEntityTypes",
  "getEntityType",
  "listActions",
  "getAction",
  "listTools",
  "checkStatus",
  "checkReadiness",
]);

/** True where a method changes nothing at Stripe whatever its input is, so that it can be run again. */
export function isReadingMethod(method: ConnectorMethod): boolean {
  return readingMethods.has(method);
}

/** True where a call changes nothing at Stripe, so that nothing of it can be in doubt: SQL is told by its statements. */
export function readsOnly(method: ConnectorMethod, input: unknown): boolean {
  if (method !== "executeSqlQuery") return isReadingMethod(method);
  const query = typeof input === "object" && input !== null && "query" in input ? input.query : undefined;
  return typeof query === "string" && statementsRead(query);
}

function statementsRead(sql: string): boolean {
  try {
    return parseScript(sql).every(({ kind }) => !writingKinds.has(kind));
  } catch (error) {
    // What cannot be read is not run.
    if (error instanceof StripeSqlError) return true;
    throw error;
  }
}

const writingKinds: ReadonlySet<string> = new Set(["insert", "update", "delete", "merge", "copy", "execute", "resume"]);
