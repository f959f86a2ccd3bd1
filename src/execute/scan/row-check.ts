import type { Table } from "../../catalog/catalog.js";
import type { ReliedOn, RowsOf } from "../../plan/cost/statistics.js";
import type { FieldFinding } from "../../plan/scan/field-test.js";
import { fieldTest } from "../../plan/scan/field-test.js";
import type { Access, ListAccess, SentFilter } from "../../plan/scan/scan.js";
import type { Json, JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import { DoubtfulAnswer, unexpectedAnswer } from "./doubtful-answer.js";

/** A list whose rows are looked at as they come. */
export interface CheckedList {
  readonly table: Table;
  readonly access: ListAccess;
}

/**
 * Compares each page of a list with what was asked for. Rows that are no rows of the table end the statement with
 * SQLSTATE 58030; rows that the request had excluded, or in another order, are a DoubtfulAnswer.
 */
export class RowCheck {
  readonly #list: CheckedList;
  readonly #filters: readonly CheckedFilter[];
  readonly #keyPath: readonly string[] | undefined;
  /** Of the last row, where the order counts. */
  #last: number | undefined;
  #hasDescended = false;

  constructor(list: CheckedList) {
    this.#list = list;
    this.#keyPath = keyPathOf(list.table);
    this.#filters = list.access.filters.flatMap((sent) =>
      sent.expected === undefined ? [] : [{ sent, exact: sent.expected.exact, find: fieldTest(sent.expected) }],
    );
  }

  /** False as long as no two rows have told in which order they come. */
  get isOrderSeen(): boolean {
    return this.#list.access.newestFirstBy === undefined || this.#hasDescended;
  }

  page(objects: readonly JsonObject[]): void {
    this.#requireRows(objects);
    for (const filter of this.#filters) if (isBroken(filter, objects)) throw this.#contradiction(filter.sent);
    const { newestFirstBy } = this.#list.access;
    if (newestFirstBy !== undefined) this.#requireNewestFirst(objects, newestFirstBy);
  }

  #requireRows(objects: readonly JsonObject[]): void {
    const path = this.#keyPath;
    if (path === undefined) return;
    for (const object of objects) {
      const problem = missingKey(object, path);
      if (problem !== undefined) throw unexpectedAnswer(this.#list.access.path, problem);
    }
  }

  #requireNewestFirst(objects: readonly JsonObject[], path: readonly string[]): void {
    for (const object of objects) {
      const time = momentOf(jsonAt(object, path));
      if (time === undefined) continue;
      if (this.#last !== undefined && time > this.#last) throw this.#doubtful({ kind: "order" });
      this.#hasDescended ||= this.#last !== undefined && time < this.#last;
      this.#last = time;
    }
  }

  #contradiction({ optional, parameter, column }: SentFilter): Error {
    if (optional) return this.#doubtful({ kind: "filter", parameter });
    return unexpectedAnswer(this.#list.access.path, `Rows came of another ${column} than the one that was asked for.`);
  }

  #doubtful(relied: ReliedOn): DoubtfulAnswer {
    return new DoubtfulAnswer({ of: rowsOf(this.#list), relied, reason: "contradicted", lasting: true });
  }
}

interface CheckedFilter {
  readonly sent: SentFilter;
  readonly exact: boolean;
  readonly find: (object: JsonObject) => FieldFinding;
}

/** A filter that may match more than SQL does is broken where no row of a page is what was asked for. */
function isBroken({ exact, find }: CheckedFilter, objects: readonly JsonObject[]): boolean {
  if (exact) return objects.some((object) => find(object) === "broken");
  return objects.length > 0 && objects.every((object) => find(object) === "broken");
}

export function rowsOf({ table, access }: { readonly table: Table; readonly access: Access }): RowsOf {
  return { schema: table.schema, table: table.name, accountId: access.accountId };
}

/** Undefined for a key that the object does not hold itself. */
function keyPathOf({ primaryKey, columns }: Table): readonly string[] | undefined {
  const column = columns.find(({ name }) => name === primaryKey);
  return column === undefined || column.parentKey || column.path.length === 0 ? undefined : column.path;
}

function missingKey(object: JsonObject, path: readonly string[]): string | undefined {
  const key = path.length === 1 ? object[path[0] ?? ""] : jsonAt(object, path);
  return typeof key === "string" && key !== "" ? undefined : `A row has no ${path.join(".")}.`;
}

/** Seconds since the epoch. */
export function momentOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  const milliseconds = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** Whether the object that a retrieve gave is the one that was asked for; SQLSTATE 58030 where it is none of the table's. */
export function isObjectAsked(
  { table, access }: { readonly table: Table; readonly access: Access },
  object: JsonObject,
): boolean {
  const path = keyPathOf(table);
  // API v2 has objects that do not say what they are.
  const isNone =
    table.schema === "v2" || table.objectType === undefined
      ? Object.keys(object).length === 0
      : typeof object["object"] !== "string";
  const problem = isNone ? "It does not say what object it is." : path && missingKey(object, path);
  if (problem !== undefined) throw unexpectedAnswer(access.path, problem);
  const asked = access.constants[table.primaryKey ?? ""];
  const key = path === undefined ? undefined : jsonAt(object, path);
  if (asked === undefined || key === undefined || key === asked) return true;
  // Some of Stripe's keys are found in either case; to SQL they are others.
  if (String(key).toLowerCase() === String(asked).toLowerCase()) return false;
  throw unexpectedAnswer(access.path, `It is the object ${JSON.stringify(key)}, not ${JSON.stringify(asked)}.`);
}
