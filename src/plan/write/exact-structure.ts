import type { Parameter } from "../../catalog/catalog.js";
import type { JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { RequestParameter } from "../scan/scan.js";

/** A structure that is assigned as a whole, and what Stripe's update takes apart in it. */
export interface AssignedStructure {
  readonly parameter: Parameter;
  /** The update's own parameters: those beneath the structure say which of its fields can be unset. */
  readonly parameters: readonly Parameter[];
  /** An empty text unsets a field of API v1, whose bodies are forms; null one of API v2, whose bodies are JSON. */
  readonly unset: "" | null;
  /** True where what is alike is left out, as of a merge; else whatever is assigned is sent. */
  readonly onlyChanges: boolean;
}

export interface ExactStructure {
  /** Undefined where nothing is to be sent. */
  readonly value: RequestParameter | undefined;
  /** Names of the fields that the object holds, the assignment does not, and Stripe has no way to unset. */
  readonly keeps: readonly string[];
}

/**
 * What to send so that a structure that holds `current` holds `wanted` and nothing else. Stripe adds the keys that an
 * update names to those that are there and unsets one that is given empty, so what is missing is sent empty.
 * Source: https://docs.stripe.com/api/metadata
 */
export function exactStructure(
  wanted: RequestParameter,
  current: unknown,
  assigned: AssignedStructure,
): ExactStructure {
  const { parameter, unset } = assigned;
  const held = isJsonObject(current as RequestParameter) ? (current as JsonObject) : {};
  const isEmpty = !isJsonObject(wanted) || Object.keys(wanted).length === 0;
  if (isEmpty && (unset === "" || parameter.emptyable)) return { value: unset, keeps: [] };
  const given = isJsonObject(wanted) ? wanted : {};
  return parameter.jsonShape === "map" ? exactMap(given, held, assigned) : exactObject(given, held, assigned);
}

function exactMap(given: JsonObject, held: JsonObject, { unset, onlyChanges }: AssignedStructure): ExactStructure {
  const missing = Object.keys(held).filter((key) => !Object.hasOwn(given, key));
  const sent = Object.entries(given).filter(([key, value]) => !onlyChanges || !isAlike(value, held[key]));
  return { value: someOf([...missing.map((key) => [key, unset] as const), ...sent]), keeps: [] };
}

function exactObject(given: JsonObject, held: JsonObject, assigned: AssignedStructure): ExactStructure {
  const fields = fieldsOf(assigned).map((field) => [field, exactField(field, given, held, assigned)] as const);
  const declared = new Set(fields.map(([field]) => keyOf(field)));
  const others = Object.entries(given).filter(([key]) => !declared.has(key));
  const sent = fields.flatMap(([field, { value }]) => (value === undefined ? [] : [[keyOf(field), value] as const]));
  return { value: someOf([...sent, ...others]), keeps: fields.flatMap(([, { keeps }]) => keeps) };
}

function exactField(
  field: Parameter,
  given: JsonObject,
  held: JsonObject,
  assigned: AssignedStructure,
): ExactStructure {
  const [wanted, current] = [given[keyOf(field)], held[keyOf(field)]];
  const inner = { ...assigned, parameter: field };
  const isStructure = field.jsonShape === "map" || field.jsonShape === "object";
  if (wanted !== undefined) {
    if (isStructure && isJsonObject(wanted)) return exactStructure(wanted, current, inner);
    return { value: assigned.onlyChanges && isAlike(wanted, current) ? undefined : wanted, keeps: [] };
  }
  if (isUnset(current)) return nothing;
  if (canBeUnset(field)) return { value: assigned.unset, keeps: [] };
  return isStructure && isJsonObject(current)
    ? exactObject({}, current, inner)
    : { value: undefined, keeps: [field.name] };
}

const nothing: ExactStructure = { value: undefined, keeps: [] };

/** The parameters right beneath the structure's. */
function fieldsOf({ parameter: { path }, parameters }: AssignedStructure): readonly Parameter[] {
  return parameters.filter(
    (field) => field.path.length === path.length + 1 && path.every((key, index) => field.path[index] === key),
  );
}

const keyOf = ({ path }: Parameter): string => path.at(-1) ?? "";

/** Any text that is not required may be empty, whether its declaration says so (`Emptyable`) or not. */
function canBeUnset({ emptyable, jsonShape, type, enumValues, required }: Parameter): boolean {
  return emptyable || jsonShape === "map" || (type === "VARCHAR" && enumValues === undefined && !required);
}

function isUnset(value: RequestParameter | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

const isAlike = (one: RequestParameter, other: RequestParameter | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const someOf = (entries: readonly (readonly [string, RequestParameter])[]): JsonObject | undefined =>
  entries.length === 0 ? undefined : Object.fromEntries(entries);
