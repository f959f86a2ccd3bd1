import { baseParametersBeside } from "../../catalog/base-parameters.js";
import type { Json } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { ValueRange } from "../../value/spread.js";
import type { Access, Binding, ListAccess, RetrieveAccess, SentFilter } from "../scan/scan.js";

/** A parameter of a list, by its name in brackets, with its value as text. */
export type NamedValue = readonly [parameter: string, value: string];

/** What a list is asked by, apart from which page of it. */
export interface ListParameters {
  /** The endpoint's path: a parent's key is a placeholder of it. */
  readonly path: string;
  /** What makes the endpoint mean its table, or the part of it that this list is. */
  readonly fixed: readonly NamedValue[];
  /** Filters of columns of few values: an enum's, a BOOLEAN's. */
  readonly few: readonly { readonly filter: SentFilter; readonly values: readonly string[] }[];
  /** Filters by what names some of the data: a customer's id, an address. */
  readonly named: readonly { readonly parameter: string; readonly column: string }[];
  /** Ranges of columns that are not the creation time. */
  readonly ranges: readonly { readonly parameter: string; readonly range: ValueRange }[];
  readonly created: ValueRange;
  /** All of it with the values, which name data: to be kept in memory alone. Without the range of creation times. */
  readonly whole: string;
}

/** They say which page is wanted, or what comes along with the rows. */
const passing = new Set(["expand", "include", "limit", "starting_after", "ending_before", "page"]);
const bounds = new Set(["gte", "lte", "gt", "lt"]);
const always: ValueRange = { minimum: undefined, maximum: undefined };

const known = new WeakMap<ListAccess, ListParameters>();

/** @param bindings What the list takes of other rows, whose values are filled in where it is about to be asked for. */
export function listParameters(access: ListAccess, bindings: readonly Binding[] = access.bindings): ListParameters {
  const kept = known.get(access);
  if (kept !== undefined) return kept;
  const read = readParameters(access, bindings);
  known.set(access, read);
  return read;
}

function readParameters(access: ListAccess, bindings: readonly Binding[]): ListParameters {
  const { endpoint, parameters, filters } = access;
  const values = flattened(parameters).map(([name, value]) => ({ ...boundOf(name), name, value }));
  const plain = values.filter(({ bound }) => bound === undefined);
  const ranges = rangesOf(values);
  const { created = always, ...others } = Object.fromEntries(ranges);
  const keys = namedBy(access, bindings);
  const isFew = (name: string): SentFilter | undefined =>
    filters.find(
      ({ parameter, valueCount, unknownValues }) =>
        parameter === name && valueCount !== undefined && unknownValues.length === 0,
    );
  const sent = new Set([...plain.map(({ name }) => name), ...bindings.map(({ target }) => target)]);
  const inQuery = [...keys].filter(([name]) => sent.has(name) && !endpoint.path.includes(`{${name}}`));
  return {
    path: endpoint.path,
    fixed: plain.flatMap(({ name, value }): NamedValue[] =>
      isFew(name) !== undefined || keys.has(name) ? [] : [[name, textOf(value)]],
    ),
    few: plain.flatMap(({ name, value }) => {
      const filter = isFew(name);
      return filter === undefined
        ? []
        : [{ filter, values: Array.isArray(value) ? value.map(textOf) : [textOf(value)] }];
    }),
    named: inQuery.map(([parameter, column]) => ({ parameter, column })),
    ranges: Object.entries(others).map(([parameter, range]) => ({ parameter, range })),
    created,
    whole: wholeText(access, values),
  };
}

interface ReadValue {
  readonly name: string;
  /** The parameter without its bound: "created" of "created[gte]". */
  readonly root: string;
  readonly bound: string | undefined;
  readonly value: Json;
}

function boundOf(name: string): Pick<ReadValue, "root" | "bound"> {
  const [, root = name, bound = ""] = /^(.*)\[([^\]]*)\]$/.exec(name) ?? [];
  return bounds.has(bound) ? { root, bound } : { root: name, bound: undefined };
}

function rangesOf(values: readonly ReadValue[]): ReadonlyMap<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const { root, bound, value } of values)
    if (bound !== undefined) ranges.set(root, withBound(ranges.get(root) ?? always, bound, value));
  return ranges;
}

function wholeText({ path }: ListAccess, values: readonly ReadValue[]): string {
  const asked = values.filter(({ root, bound }) => bound === undefined || root !== "created");
  return listName(
    path,
    asked.map(({ name, value }): NamedValue => [name, textOf(value)]),
  );
}

/** Parameters whose values name some of the data, with the columns that hold them. */
function namedBy({ filters, onClocks }: ListAccess, bindings: readonly Binding[]): ReadonlyMap<string, string> {
  const sent = filters.flatMap(({ parameter, column, valueCount, unknownValues }): readonly NamedValue[] =>
    valueCount !== undefined && unknownValues.length === 0 ? [] : [[parameter, column]],
  );
  const bound = bindings.map(({ target, column }): NamedValue => [target, column]);
  const clock = onClocks?.parameter;
  return new Map([...(clock === undefined ? [] : [[clock, ""] as const]), ...sent, ...bound]);
}

/** `created[gte]` and its value, as far down as there are objects. */
function flattened(parameters: ListAccess["parameters"]): readonly (readonly [string, Json])[] {
  const within = (name: string, value: Json): readonly (readonly [string, Json])[] =>
    isJsonObject(value)
      ? Object.entries(value).flatMap(([key, inner]) => within(`${name}[${key}]`, inner))
      : [[name, value]];
  return Object.entries(parameters).flatMap(([name, value]) => (passing.has(name) ? [] : within(name, value)));
}

const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** API v2 writes times as texts. */
function withBound(range: ValueRange, bound: string, value: Json): ValueRange {
  const number = typeof value === "number" ? value : Date.parse(textOf(value)) / 1000;
  if (Number.isNaN(number)) return range;
  if (bound.startsWith("g")) return { ...range, minimum: bound === "gt" ? number + 1 : number };
  return { ...range, maximum: bound === "lt" ? number - 1 : number };
}

/** The name by which is known what a list holds that these parameters ask for. */
export function listName(path: string, parameters: readonly NamedValue[]): string {
  const texts = parameters.map(([name, value]) => `${name}=${value}`);
  return `${path}?${texts.sort().join("&")}`;
}

/** Stands for a value that names data. */
const anyValue = "*";

/** The list itself, without the values that name data. */
export function nameOf({ path, fixed, few, named }: ListParameters): string {
  return listName(path, [
    ...fixed,
    ...few.map(({ filter, values }): NamedValue => [filter.parameter, values.join(",")]),
    ...named.map(({ parameter }): NamedValue => [parameter, anyValue]),
  ]);
}

/** True where the list is one of many that differ in what they are asked by alone, a key or some keys. */
export function isOfKey({ path, named, ranges, created }: ListParameters): boolean {
  const isOfAllTimes = created.minimum === undefined && created.maximum === undefined && ranges.length === 0;
  return isOfAllTimes && (named.length > 0 || path.includes("{"));
}

/** True where all that the list is asked by is told by its name. */
export const isNamedWhole = ({ path, named, ranges }: ListParameters): boolean =>
  named.length === 0 && ranges.length === 0 && !path.includes("{");

/** The list with some of its filters alone, or none. */
export function partlyFiltered(
  access: ListAccess,
  filters: readonly NamedValue[],
  { path, fixed } = listParameters(access),
): string {
  return listName(path, [...fixed, ...restoredParameters(access, filters), ...filters]);
}

/** Base parameters that a filter took the place of. */
function restoredParameters(access: ListAccess, filters: readonly NamedValue[]): readonly NamedValue[] {
  const { endpoint } = access;
  if (!("baseParameters" in endpoint)) return [];
  const names = filters.map(([parameter]) => parameter);
  const replaced = access.filters.map(({ parameter }) => parameter);
  const all = Object.keys(baseParametersBeside(endpoint.baseParameters, replaced));
  const base = Object.entries(baseParametersBeside(endpoint.baseParameters, names));
  return base.filter(([name]) => !all.includes(name));
}

/** The name by which is known what the keys of another table's column led to. */
export function keyedName(access: Access, source: string): string {
  const list = access.kind === "list" ? nameOf(listParameters(access)) : retrieveName(access);
  const held = access.embeddedAt === undefined ? "" : ` at ${access.embeddedAt.join(".")}`;
  return `${list} by ${source}.${access.bindings.map((binding) => binding.source.column).join(",")}${held}`;
}

const retrieveName = ({ endpoint }: RetrieveAccess): string => endpoint.path;
