import { baseParametersBeside } from "../../catalog/base-parameters.js";
import type { Column, Filter, ListEndpoint } from "../../catalog/catalog.js";
import type { ListParameters, NamedValue } from "../../plan/cost/list-text.js";
import { isNamedWhole, isOfKey, listName, listParameters, nameOf } from "../../plan/cost/list-text.js";
import { DistinctCount } from "../../value/distinct-count.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { ListedPart } from "../../value/list-facts.js";
import type { Spread } from "../../value/spread.js";
import { SpreadSampler } from "../../value/spread.js";
import type { LearnedFact, StatementContext } from "../statement-context.js";
import type { CheckedList } from "./row-check.js";
import { momentOf, rowsOf } from "./row-check.js";

/** Columns of so many values at most are counted by value. */
const mostValues = 64;
/** Of so many rows all values are counted, of more those of a part of the rows where no list is told by them. */
const allCounted = 2000;
const sampledEach = 10;

/**
 * Looks at the rows of a list as they pass, and tells at its end what it held: how many rows, of which times, how many of
 * each value of an enum, how many different values of the columns that other tables' keys are taken of. Of data no more
 * than these counts is kept.
 */
export class ListSurvey {
  readonly #list: CheckedList;
  readonly #parameters: ListParameters;
  readonly #columns: SurveyedColumns | undefined;
  #rows = 0;

  constructor(list: CheckedList) {
    this.#list = list;
    this.#parameters = listParameters(list.access);
    this.#columns = isNamedWhole(this.#parameters) ? surveyedColumns(list) : undefined;
  }

  /** What it looks at in each row. */
  get fields(): readonly string[] {
    if (this.#columns === undefined) return [];
    const { times, few, others, references, embedded } = this.#columns;
    return [...times, ...few, ...others, ...references, ...embedded].flatMap(({ path }) => path[0] ?? []);
  }

  page(objects: readonly JsonObject[]): void {
    this.#rows += objects.length;
    if (this.#columns === undefined) return;
    const each = this.#rows > allCounted ? sampledEach : 1;
    const { others } = this.#columns;
    for (const object of objects) addRow(object, this.#columns);
    for (let index = 0; index < objects.length; index += each)
      for (const column of others) column.add(objects[index] ?? {}, each, undefined);
  }

  /** Told once the list has been read to its end. */
  end({ learn }: StatementContext, requests: number): void {
    const of = rowsOf(this.#list);
    for (const learned of [...this.#itself(requests), ...this.#ofValues()]) learn(of, learned);
  }

  #itself(requests: number): readonly LearnedFact[] {
    const { whole, created } = this.#parameters;
    const rows = this.#rows;
    const part = { ...partOf({ created, rows }), ...this.#columnFacts() };
    if (isNamedWhole(this.#parameters))
      return [{ kind: "listed", name: nameOf(this.#parameters), fact: { parts: [part] }, isPassing: false }];
    const mean = { lists: 1, rows, requests };
    return [
      { kind: "listed", name: whole, fact: { parts: [part] }, isPassing: true },
      ...(isOfKey(this.#parameters)
        ? ([{ kind: "mean", name: nameOf(this.#parameters), fact: mean, isPassing: false }] as const)
        : []),
    ];
  }

  #columnFacts(): Partial<ListedPart> {
    if (this.#columns === undefined) return {};
    const { times, few, others, references, embedded } = this.#columns;
    return {
      embedded: Object.fromEntries(
        embedded.filter(({ isSeen }) => isSeen).map((list) => [list.path.join("."), list.counts]),
      ),
      spreads: Object.fromEntries(times.map((time) => [time.parameter, time.spread])),
      shares: Object.fromEntries([...few, ...others].map((column) => [column.name, column.counts])),
      distinct: Object.fromEntries(references.map((column) => [column.name, column.counted])),
    };
  }

  /** What the lists of each value would have held. */
  #ofValues(): readonly LearnedFact[] {
    const { path, fixed, few, created } = this.#parameters;
    const { endpoint } = this.#list.access;
    if (this.#columns === undefined || !("baseParameters" in endpoint)) return [];
    const sent = few.map(({ filter, values }): NamedValue => [filter.parameter, values.join(",")]);
    return this.#columns.few.flatMap(({ filter, values }): readonly LearnedFact[] => {
      if (filter === undefined || [...sent, ...partitionOf(endpoint, fixed)].some(([name]) => name === filter))
        return [];
      const base = Object.entries(baseParametersBeside(endpoint.baseParameters, [filter]));
      const kept = [...base, ...partitionOf(endpoint, fixed), ...sent];
      return values.map(({ value, rows, spread }) => {
        const part = { ...partOf({ created, rows }), spreads: spread === undefined ? {} : { created: spread } };
        return {
          kind: "listed",
          name: listName(path, [...kept, [filter, value]]),
          fact: { parts: [part] },
          isPassing: false,
        };
      });
    });
  }
}

/** Told of a list of which only the oldest rows were read. */
export function tellOldest(
  list: CheckedList,
  { rows, bySeconds }: { readonly rows: number; readonly bySeconds: number },
  { learn }: StatementContext,
): void {
  const parameters = listParameters(list.access);
  if (!isNamedWhole(parameters)) return;
  const part = partOf({ created: { ...parameters.created, maximum: bySeconds }, rows });
  learn(rowsOf(list), { kind: "listed", name: nameOf(parameters), fact: { parts: [part] }, isPassing: false });
}

const partOf = ({ created, rows }: Pick<ListedPart, "created" | "rows">): ListedPart => ({
  created,
  rows,
  spreads: {},
  distinct: {},
  shares: {},
  embedded: {},
});

const partitionOf = ({ baseParameters }: ListEndpoint, fixed: readonly NamedValue[]): readonly NamedValue[] =>
  fixed.filter(([name]) => !(name in baseParameters));

interface SurveyedColumns {
  /** The creation time first, where the list is filtered by it. */
  readonly times: readonly SurveyedTime[];
  /** Those by which lists are filtered. */
  readonly few: readonly SurveyedValues[];
  readonly others: readonly SurveyedValues[];
  readonly references: readonly SurveyedReference[];
  readonly embedded: readonly SurveyedList[];
}

function surveyedColumns({ table, access: { endpoint } }: CheckedList): SurveyedColumns {
  const filters = "filters" in endpoint ? endpoint.filters : [];
  const fields = table.columns.filter(({ path, jsonShape, parentKey }) => isNear(path) && !jsonShape && !parentKey);
  const filterOf = (column: Column): Filter | undefined =>
    filters.find((filter) => filter.column === column.name && !filter.pseudo && filter.superseded !== true);
  const times = fields.flatMap((column) => {
    const filter = filterOf(column);
    return filter?.operators === "range" ? [new SurveyedTime(filter.parameter, column.path)] : [];
  });
  times.sort((one, other) => Number(other.parameter === "created") - Number(one.parameter === "created"));
  const ofFew = fields.filter(isOfFewValues).map((column) => {
    const filter = filterOf(column);
    const isTold = filter?.exact === true && filter.operators !== "range" && filter.companions === undefined;
    const isListed = isTold && times[0]?.parameter === "created";
    return new SurveyedValues(column, isTold ? filter.parameter : undefined, isListed);
  });
  return {
    times,
    few: ofFew.filter(({ filter }) => filter !== undefined),
    others: ofFew.filter(({ filter, isNear }) => filter === undefined && isNear),
    references: fields
      .filter(({ path }) => path.length === 1)
      .filter((column) => column.references !== undefined || filterOf(column)?.operators === "equality")
      .filter((column) => column.type === "VARCHAR" && column.enumValues === undefined)
      .map((column) => new SurveyedReference(column)),
    embedded: table.columns
      .filter(({ jsonShape, path }) => jsonShape === "list" && path.length > 0)
      .map(({ path }) => new SurveyedList(path)),
  };
}

function addRow(object: JsonObject, { times, few, references, embedded }: SurveyedColumns): void {
  for (const list of embedded) list.add(object);
  for (const time of times) time.add(object);
  for (const column of few) column.add(object, 1, times[0]?.last);
  for (const column of references) column.add(object);
}

const isNear = (path: readonly string[]): boolean => path.length === 1 || path.length === 2;

const isOfFewValues = ({ type, enumValues }: Column): boolean =>
  type === "BOOLEAN" || (enumValues !== undefined && enumValues.length > 1 && enumValues.length <= mostValues);

function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  return path.length === 1 ? object[path[0] ?? ""] : jsonAt(object, path);
}

class SurveyedTime {
  readonly parameter: string;
  readonly path: readonly string[];
  readonly #sampler = new SpreadSampler();
  /** Of the row that came last. */
  last: number | undefined;

  constructor(parameter: string, path: readonly string[]) {
    this.parameter = parameter;
    this.path = path;
  }

  add(object: JsonObject): void {
    this.last = momentOf(valueAt(object, this.path));
    if (this.last !== undefined) this.#sampler.add(this.last);
  }

  get spread(): Spread {
    return this.#sampler.spread();
  }
}

interface CountedValue {
  rows: number;
  readonly times: SpreadSampler | undefined;
}

/** A column of few values, each with the times of its rows. */
class SurveyedValues {
  readonly name: string;
  /** The parameter that gives the rows of one value. */
  readonly filter: string | undefined;
  /** True for a field of the object itself. */
  readonly isNear: boolean;
  readonly path: readonly string[];
  /** A value that no declaration knows may be anything: it is not counted. */
  readonly #values: ReadonlyMap<Json | undefined, CountedValue>;

  constructor({ name, path, enumValues }: Column, filter: string | undefined, hasTimes: boolean) {
    this.name = name;
    this.filter = filter;
    this.isNear = path.length === 1;
    this.path = path;
    const values: readonly Json[] = enumValues ?? [true, false];
    this.#values = new Map(
      values.map((value) => [value, { rows: 0, times: hasTimes ? new SpreadSampler() : undefined }]),
    );
  }

  add(object: JsonObject, rows: number, created: number | undefined): void {
    const counted = this.#values.get(valueAt(object, this.path));
    if (counted === undefined) return;
    counted.rows += rows;
    if (created !== undefined) counted.times?.add(created);
  }

  get counts(): Readonly<Record<string, number>> {
    const known = [...this.#values].filter(([, { rows }]) => rows > 0);
    return Object.fromEntries(known.map(([value, { rows }]) => [String(value), rows]));
  }

  get values(): readonly { readonly value: string; readonly rows: number; readonly spread: Spread | undefined }[] {
    return [...this.#values].map(([value, { rows, times }]) => ({
      value: String(value),
      rows,
      spread: times?.spread(),
    }));
  }
}

/** Ids of one table differ within so many of their last characters. */
const idEnd = 14;

class SurveyedReference {
  readonly name: string;
  readonly path: readonly string[];
  readonly #count = new DistinctCount();

  readonly #isId: boolean;

  constructor({ name, path, references }: Column) {
    this.name = name;
    this.path = path;
    this.#isId = references !== undefined;
  }

  add(object: JsonObject): void {
    const value = valueAt(object, this.path);
    const id = isJsonObject(value) ? value["id"] : value;
    if (typeof id === "string") this.#count.add(this.#isId ? id.slice(-idEnd) : id);
  }

  get counted(): ListedPart["distinct"][string] {
    return { rows: this.#count.count, distinct: this.#count.distinct };
  }
}

/** A list of which each object holds the first rows. */
class SurveyedList {
  readonly path: readonly string[];
  /** False where none of the objects was asked to hold it. */
  isSeen = false;
  #rows = 0;
  #cut = 0;

  constructor(path: readonly string[]) {
    this.path = path;
  }

  add(object: JsonObject): void {
    const list = valueAt(object, this.path);
    if (!isJsonObject(list)) return;
    this.isSeen = true;
    const { data, has_more: hasMore } = list;
    this.#rows += Array.isArray(data) ? data.length : 0;
    this.#cut += hasMore === true ? 1 : 0;
  }

  get counts(): ListedPart["embedded"][string] {
    return { rows: this.#rows, cut: this.#cut };
  }
}
