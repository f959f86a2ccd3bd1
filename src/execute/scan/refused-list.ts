import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Binding, SentFilter } from "../../plan/scan/scan.js";
import { isRefusedForGood, isRefusedParameter } from "../../stripe/is-missing-object.js";
import { DoubtfulAnswer } from "./doubtful-answer.js";
import type { CheckedList } from "./row-check.js";
import { rowsOf } from "./row-check.js";

/** A filter that is refused though it need not be sent: the statement can do without. */
export function doubtOfRefusal(error: unknown, list: CheckedList): unknown {
  const refused = list.access.filters.find(
    ({ optional, parameter }) => optional && isRefusedParameter(error, parameter),
  );
  if (refused === undefined || !(error instanceof StripeSqlError)) return error;
  const { parameter } = refused;
  const lasting = isRefusedForGood(error);
  return new DoubtfulAnswer(
    { of: rowsOf(list), relied: { kind: "filter", parameter }, reason: "refused", lasting },
    error,
  );
}

/**
 * A search that the statement did not ask for itself, refused: to merchants in India, to a key without the permission, to
 * an API version that has none; or its query is, which says nothing of another.
 */
export function doubtOfSearch(error: unknown, list: CheckedList): DoubtfulAnswer | undefined {
  const { budget, filters } = list.access;
  const isPlanned = budget === "search" && filters.some(({ optional }) => optional);
  if (!isPlanned || !(error instanceof StripeSqlError)) return undefined;
  const { status, param } = error.stripe;
  if (status !== 400 && status !== 403 && status !== 404) return undefined;
  const lasting = param !== "query";
  return new DoubtfulAnswer({ of: rowsOf(list), relied: { kind: "search" }, reason: "refused", lasting }, error);
}

/** A value that other rows hold and this list takes none of: a manual payout's transactions cannot be listed. */
export function isRefusedKey(error: unknown, joined: readonly Binding[]): error is StripeSqlError {
  return joined.some(({ target }) => isRefusedParameter(error, target));
}

export function isRefusedValue(error: unknown, filters: readonly SentFilter[]): error is StripeSqlError {
  return filters.some(
    ({ parameter, unknownValues }) => unknownValues.length > 0 && isRefusedParameter(error, parameter),
  );
}
