import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseScript } from "../syntax/parse-script.js";
import type { ParsedStatement } from "../syntax/statement.js";

interface Refusal {
  readonly command: string;
  readonly detail: string;
  readonly hint: string;
}

const ofSetting = {
  detail: "A setting would hold for every caller of the connection.",
  hint: "Give the connection the property TimeZone, or write AT TIME ZONE.",
};

const ofName = {
  detail: "It would be there for every caller of the connection.",
  hint: "Write the query within the statement: WITH name AS (…) SELECT ….",
};

const refusals: Partial<Record<ParsedStatement["kind"], Refusal>> = {
  set: { command: "SET", ...ofSetting },
  reset: { command: "RESET", ...ofSetting },
  "create-view": { command: "CREATE VIEW", ...ofName },
  "drop-view": { command: "DROP VIEW", ...ofName },
  "create-table": { command: "CREATE TABLE", ...ofName },
  "drop-table": { command: "DROP TABLE", ...ofName },
  refresh: { command: "REFRESH", ...ofName },
};

/** A session is all callers', so none may change it. */
export function rejectSessionStatement(query: string): void {
  if (!/\b(SET|RESET|CREATE|DROP|REFRESH)\b/i.test(query)) return;
  for (const { kind, offset } of parseScript(query)) {
    const refusal = refusals[kind];
    if (refusal === undefined) continue;
    const { command, detail, hint } = refusal;
    throw new StripeSqlError(`${command} is not supported here`, {
      ...{ sqlState: SqlState.featureNotSupported, phase: "plan", position: offset, detail, hint },
    });
  }
}
