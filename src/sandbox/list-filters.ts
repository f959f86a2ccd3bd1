import type { Column, Filter, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import { typeOf } from "./object-shape.js";
import type { Binding, Condition } from "./object-store.js";
import { jsonAtPath } from "./object-store.js";
import { bracketed, readBoolean, readInteger } from "./parameter-reader.js";
import { pseudoFilter } from "./pseudo-filters.js";
import { badEnum, invalidRequest, missingParameter, unknownParameters } from "./refusals.js";

const comparisons: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" };

/** A filter parameter with the value that a request gives it. */
interface GivenFilter {
  readonly filter: Filter;
  readonly value: Json;
}

/** The conditions that a list request's filters put on its rows. */
export function filterConditions(
  state: AccountState,
  table: Table,
  request: { readonly filters: readonly Filter[]; readonly raw: JsonObject },
): readonly Condition[] {
  const given = givenFilters(request.filters, request.raw);
  refuseTogether(table, request.raw);
  for (const filter of request.filters) {
    if (filter.required && !given.some((one) => one.filter === filter)) throw missingParameter(filter.parameter);
  }
  return given.flatMap((one) => {
    checkEnum(one);
    return conditionOf(state, table, one) ?? [];
  });
}

/** Stripe refuses the two filters by type at once. Source: https://docs.stripe.com/api/events/list */
function refuseTogether(table: Table, raw: JsonObject): void {
  if (typeOf(table) !== "Event" || raw["type"] === undefined || raw["types"] === undefined) return;
  throw invalidRequest("You may only specify one of these parameters: type, types.", {
    code: "parameters_exclusive",
    param: "type",
  });
}

/** Refuses what is neither a filter nor, by `isKnown`, a parameter of another kind. */
export function refuseUnknownFilters(
  filters: readonly Filter[],
  raw: JsonObject,
  isKnown: (name: string) => boolean,
): void {
  const names = new Set(filters.map(({ parameter }) => parameter));
  const unknown = Object.entries(raw).flatMap(([key, value]) => {
    if (isKnown(key) || names.has(key)) return [];
    if (!isJsonObject(value)) return [key];
    return Object.keys(value)
      .map((inner) => bracketed([key, inner]))
      .filter((name) => !names.has(name));
  });
  if (unknown.length > 0) throw unknownParameters(unknown);
}

function givenFilters(filters: readonly Filter[], raw: JsonObject): readonly GivenFilter[] {
  return filters.flatMap((filter) => {
    const [first = "", ...rest] = filter.parameter.split(/[[\]]+/).filter((key) => key !== "");
    const value = rest.reduce<Json | undefined>(
      (inner, key) => (isJsonObject(inner) ? inner[key] : undefined),
      raw[first],
    );
    return value === undefined ? [] : [{ filter, value }];
  });
}

function checkEnum({ filter, value }: GivenFilter): void {
  const { enumValues, parameter } = filter;
  if (enumValues === undefined || !filter.exact) return;
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === "string" && !enumValues.includes(one)) throw badEnum(parameter, enumValues);
  }
}

function conditionOf(state: AccountState, table: Table, given: GivenFilter): readonly Condition[] | undefined {
  const special = pseudoFilter(state, typeOf(table), given.filter, given.value);
  if (special !== undefined) return special;
  const column = table.columns.find(({ name }) => name === given.filter.column);
  if (column === undefined) throw unmodelledFilter(table, given.filter);
  return [columnCondition(state, table, column, given)];
}

function unmodelledFilter(table: Table, filter: Filter): Error {
  return invalidRequest(`The sandbox does not model the filter ${filter.parameter} of ${table.stripePlural}`, {
    param: filter.parameter,
  });
}

function columnCondition(state: AccountState, table: Table, column: Column, { filter, value }: GivenFilter): Condition {
  const expression = expressionOf(column);
  if (filter.operators === "range" && isJsonObject(value)) return rangeCondition(expression, column, filter, value);
  if (Array.isArray(value)) {
    const bindings = value.map((element) => bindingOf(column, filter.parameter, element));
    return { sql: `${expression} IN (${bindings.map(() => "?").join(", ")})`, bindings };
  }
  if (isJsonObject(value)) throw invalidRequest(`Invalid ${filter.parameter}`, { param: filter.parameter });
  if (!filter.exact) return looseCondition(expression, String(value));
  if (expression.startsWith("json_extract")) state.world.store.indexEquality(typeOf(table), expression);
  return { sql: `${expression} = ?`, bindings: [bindingOf(column, filter.parameter, value)] };
}

/** A parent's key stands beside the row, not in it. */
function expressionOf(column: Column): string {
  if (column.parentKey || column.path.length === 0) return "parent";
  return isCreated(column) ? "created" : jsonAtPath(column.path);
}

/** The store keeps the moment of creation in seconds, for API v2 too, which writes it as text. */
const isCreated = ({ path }: Column): boolean => path.length === 1 && path[0] === "created";

/** `type=charge.*` names a group; codes are compared without regard to case. */
function looseCondition(expression: string, value: string): Condition {
  if (!value.includes("*")) return { sql: `${expression} = ? COLLATE NOCASE`, bindings: [value] };
  return { sql: `${expression} GLOB ?`, bindings: [value.replace(/[[\]?]/g, "[$&]")] };
}

function rangeCondition(expression: string, column: Column, filter: Filter, bounds: JsonObject): Condition {
  const terms: string[] = [];
  const bindings: Binding[] = [];
  for (const [name, bound] of Object.entries(bounds)) {
    const comparison = comparisons[name];
    const parameter = bracketed([filter.parameter, name]);
    if (comparison === undefined) throw unknownParameters([parameter]);
    terms.push(`${expression} ${comparison} ?`);
    bindings.push(bindingOf(column, parameter, bound));
  }
  return { sql: terms.length === 0 ? "TRUE" : terms.join(" AND "), bindings };
}

function bindingOf(column: Column, parameter: string, value: Json): Binding {
  const text = String(value);
  switch (column.type) {
    case "BIGINT":
      return readInteger(text, parameter);
    case "TIMESTAMPTZ":
      if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return readInteger(text, parameter);
      return isCreated(column) ? Date.parse(text) / 1000 : text;
    case "DOUBLE":
      return Number(text);
    case "BOOLEAN":
      return readBoolean(text, parameter) ? 1 : 0;
    case "VARCHAR":
    case "DECIMAL":
    case "JSON":
      return text;
  }
}
