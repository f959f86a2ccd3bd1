import type { Table } from "../../catalog/catalog.js";
import type { Json } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { Statistics } from "../cost/statistics.js";
import type { ListAccess, RequestParameters } from "./scan.js";

/** Whole seconds: from `since` on, and before `before`; undefined: without a bound. */
export interface TimeRange {
  readonly since: number | undefined;
  readonly before: number | undefined;
}

/** The parameter by which lists are cut, and the field that it filters. */
export const createdField = "created";

/**
 * The times that a list is of, where it can be read in ranges of them; undefined where it cannot. Each range is a list of
 * its own, by `created[gte]` and `created[lt]`, so that a row is in one of them: Stripe's `created` is a whole second that
 * never changes. Only lists that come newest first are cut, as the ranges follow each other in that order.
 */
export function createdRange(
  { table, access }: { readonly table: Table; readonly access: ListAccess },
  { doubtOf }: Pick<Statistics, "doubtOf">,
): TimeRange | undefined {
  const { endpoint, pagination, accountId, parameters } = access;
  if (!("filters" in endpoint) || endpoint.order !== "created-descending" || pagination !== "cursor") return undefined;
  const filter = endpoint.filters.find(({ parameter }) => parameter === createdField);
  const column = table.columns.find(({ name }) => name === filter?.column);
  if (filter?.operators !== "range" || !filter.exact || filter.superseded === true || filter.atMost !== undefined)
    return undefined;
  if (column?.path.length !== 1 || column.path[0] !== createdField || "starting_after" in parameters) return undefined;
  const of = { schema: table.schema, table: table.name, accountId };
  const isDoubted =
    doubtOf(of, { kind: "filter", parameter: createdField }) !== undefined ||
    doubtOf(of, { kind: "order" }) !== undefined;
  const range = isDoubted ? undefined : rangeOf(parameters[createdField]);
  return range !== undefined && isSeveralSeconds(range) ? range : undefined;
}

const isSeveralSeconds = ({ since, before }: TimeRange): boolean =>
  since === undefined || before === undefined || before - since > 1;

/** The same list within a range. */
export function withinRange(parameters: RequestParameters, { since, before }: TimeRange): RequestParameters {
  const asked = rangeOf(parameters[createdField]);
  const own: Json | undefined = parameters[createdField];
  const bounds = isJsonObject(own) ? own : {};
  // Bounds that the statement sends itself stay as they are.
  const [lower, upper] = [pick(bounds, ["gte", "gt"]), pick(bounds, ["lte", "lt"])];
  const created = {
    ...(since === asked?.since ? lower : since === undefined ? {} : { gte: since }),
    ...(before === asked?.before ? upper : before === undefined ? {} : { lt: before }),
  };
  return Object.keys(created).length === 0 ? parameters : { ...parameters, [createdField]: created };
}

function rangeOf(created: Json | undefined): TimeRange | undefined {
  if (created === undefined) return { since: undefined, before: undefined };
  if (!isJsonObject(created)) return undefined;
  const { gte, gt, lte, lt } = created;
  const since = narrower([wholeAt(gte, 0), wholeAt(gt, 1)], Math.max);
  const before = narrower([wholeAt(lt, 0), wholeAt(lte, 1)], Math.min);
  return since === "unread" || before === "unread" ? undefined : { since, before };
}

function wholeAt(value: Json | undefined, more: number): number | "unread" | undefined {
  if (value === undefined) return undefined;
  return typeof value === "number" && Number.isInteger(value) ? value + more : "unread";
}

function narrower(
  bounds: readonly (number | "unread" | undefined)[],
  of: (...values: number[]) => number,
): number | "unread" | undefined {
  if (bounds.includes("unread")) return "unread";
  const known = bounds.filter((bound) => typeof bound === "number");
  return known.length === 0 ? undefined : of(...known);
}

const pick = (object: Readonly<Record<string, Json>>, keys: readonly string[]): Record<string, Json> =>
  Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
