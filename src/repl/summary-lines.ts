import type { ResultSummary, WriteOutcome } from "../driver/api.js";
import { printError } from "../error/print-error.js";
import type { StripeSqlError } from "../error/stripe-sql-error.js";

/** Objects of a failed write that are named one by one. */
const listedObjects = 20;

/** "UPDATE 199": what a write did; undefined for a statement that only reads. */
export function commandTag({ command, rowCount, outcomes }: ResultSummary): string | undefined {
  switch (command) {
    case "INSERT":
    case "UPDATE":
    case "DELETE":
    case "MERGE":
    case "COPY":
      return `${command} ${rowCount}`;
    case "RESUME":
      return `${command} ${outcomes.filter(({ state }) => state === "written").length}`;
    case "FORGET":
    case "CREATE VIEW":
    case "DROP VIEW":
    case "CREATE TABLE":
    case "DROP TABLE":
    case "REFRESH":
    case "SET":
    case "RESET":
    case "BEGIN":
    case "COMMIT":
    case "ROLLBACK":
      return command;
    default:
      return undefined;
  }
}

export function noticeLines(notices: readonly string[]): readonly string[] {
  return notices.map((notice) => `NOTICE:  ${notice}`);
}

/** The error of a write that failed in part, then each object that was not written. Without an error, a person declined. */
export function failureLines(summary: ResultSummary, statementText: string): readonly string[] {
  const { error, outcomes } = summary;
  if (error === undefined) return outcomes.some(({ state }) => state === "not tried") ? ["Nothing was written."] : [];
  const numbers = callNumbers(summary);
  const lines = outcomes.map((outcome, index) => outcomeLine(outcome, numbers[index]));
  const missed = lines.filter((_, index) => outcomes[index]?.state !== "written");
  const more = missed.length - listedObjects;
  return [
    printError(error, statementText),
    `WRITTEN:  ${outcomes.length - missed.length} of ${outcomes.length} objects${idsOfCut(outcomes)}`,
    ...missed.slice(0, listedObjects),
    ...(more > 0 ? [`… and ${more} more that were not written`] : []),
  ];
}

/** The ids of all that was written before a statement was cut: a rerun would write them again. */
function idsOfCut(outcomes: readonly WriteOutcome[]): string {
  if (!outcomes.some(({ state }) => state === "not tried")) return "";
  const ids = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
  return ids.length === 0 ? "" : `: ${ids.join(", ")}`;
}

/** The place of each outcome among the statement's calls, from 1, where there are several. */
function callNumbers({ outcomes, write }: ResultSummary): readonly number[] {
  const found = (write?.calls ?? []).flatMap(({ state }, index) => (state === "no match" ? [] : [index + 1]));
  return outcomes.length > 1 && found.length === outcomes.length ? found : [];
}

function outcomeLine(outcome: WriteOutcome, number: number | undefined): string {
  const call = number === undefined ? "" : `call ${number}: `;
  switch (outcome.state) {
    case "written":
      return `WRITTEN:  ${call}${outcome.id}`;
    case "failed":
      return `${stateOf(outcome.error)}:  ${call}${outcome.id ?? "a new object"}: ${outcome.error.message}${requestOf(outcome.error)}`;
    case "not tried":
      return `NOT TRIED:  ${call}${outcome.id ?? "a new object"}`;
  }
}

/** What may have been carried out is not called failed. */
function stateOf({ stripe }: StripeSqlError): string {
  return stripe.inDoubt === true ? "IN DOUBT" : "FAILED";
}

/** " (card_declined, req_…)" */
function requestOf({ stripe }: StripeSqlError): string {
  const facts = [stripe.code ?? stripe.type, stripe.declineCode, stripe.param, stripe.requestId, stripe.idempotencyKey];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}
