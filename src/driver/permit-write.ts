import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { PendingWrite, QueryOptions } from "./api.js";
import type { ConnectionProperties } from "./connection-properties.js";

/** What a connection lets be written. */
export type WriteRules = Pick<ConnectionProperties, "writeMode" | "maxWrites">;

type Writing = Pick<PendingWrite, "command" | "objects" | "live">;

/** Calls from which a write is told as one in bulk. */
const bulk = 2;

/**
 * True where a write may begin, false where whoever was asked declined. Fails where its connection lets none be so large
 * (53400), or wants it confirmed and nobody is there to be asked (25006). A connection that only reads has refused before.
 */
export async function permitWrite(
  write: Writing,
  rules: WriteRules,
  confirm: QueryOptions["confirmWrite"],
): Promise<boolean> {
  const refusal = refusalOf(write, rules, confirm !== undefined);
  if (refusal !== undefined) throw refusal;
  return confirm === undefined || confirm({ ...write, mustBeConfirmed: mustBeConfirmed(write, rules) });
}

/** Why a write may not begin; undefined where it may, or whoever is asked agrees. */
export function refusalOf(
  write: Writing,
  { writeMode, maxWrites }: WriteRules,
  isSomebodyAsked: boolean,
): StripeSqlError | undefined {
  const { command, objects, live } = write;
  if (maxWrites !== undefined && objects > maxWrites)
    return new StripeSqlError(`the statement makes more than ${maxWrites} calls that write`, {
      sqlState: SqlState.configurationLimitExceeded,
      phase: "plan",
      detail: `MaxWrites is ${maxWrites}; ${command} makes ${objects}. None was sent.`,
      hint: "Narrow the WHERE clause, or raise MaxWrites. EXPLAIN ANALYZE shows the calls of a write.",
    });
  if (isSomebodyAsked || !mustBeConfirmed(write, { writeMode })) return undefined;
  const calls = `${objects} call${objects === 1 ? "" : "s"}`;
  return new StripeSqlError(`${command} of ${calls} is to be confirmed${live ? " on a live account" : ""}`, {
    sqlState: SqlState.readOnly,
    phase: "plan",
    detail: writeMode === "confirm" ? "WriteMode is confirm. None was sent." : "None was sent.",
    hint: "Give --yes on the command line, confirmWrite in a program, or connect with WriteMode=allow. EXPLAIN ANALYZE shows the calls of a write.",
  });
}

/** What is not told to be allowed is a write in bulk on a live account. */
function mustBeConfirmed(
  { objects, live }: Pick<Writing, "objects" | "live">,
  { writeMode }: Pick<WriteRules, "writeMode">,
): boolean {
  return writeMode === "confirm" || (writeMode === undefined && live && objects >= bulk);
}
