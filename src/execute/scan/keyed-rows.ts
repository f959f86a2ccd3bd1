import type { Table } from "../../catalog/catalog.js";
import { fieldTest } from "../../plan/scan/field-test.js";
import { fillPath } from "../../plan/scan/request-template.js";
import type { Access, Binding, Scanned } from "../../plan/scan/scan.js";
import { accessesOf, sourceOf } from "../../plan/scan/scan.js";
import type { JsonObject } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import type { BoundValues } from "./bound-access.js";
import { bindingReader, boundAccess } from "./bound-access.js";
import type { HeldRows } from "./held-rows.js";
import { heldRows } from "./held-rows.js";
import type { KeysAsked, KeyTally } from "./keys-asked.js";
import type { ReadOptions } from "./listed-rows.js";
import { listedRows } from "./listed-rows.js";
import { isOfNoRow } from "./range-bound.js";
import { retrievedRows } from "./retrieved-rows.js";
import type { RowBatch } from "./row-batch.js";
import type { ReadBatches } from "./side-by-side.js";
import { inTurn, oneByOne } from "./side-by-side.js";

/** Rows of another relation, in the order in which they came. */
export interface SourceRows {
  readonly source: Scanned;
  readonly rows: RowBatch;
  /** What the waiting relation has been asked for already: a value that several rows hold leads to one request. */
  readonly asked: KeysAsked;
}

/** What a row of another relation leads to. */
export interface KeyedRows extends HeldRows {
  readonly bindings: readonly Binding[];
  /** Counts what is asked for it, and what comes. */
  readonly tally: KeyTally;
}

/** What the accesses that wait for a relation ask for, for some of its rows. */
export function keyedRows(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { source, rows, asked }: SourceRows,
  context: StatementContext,
): readonly KeyedRows[] {
  const bound = accessesOf(scan)
    .filter((access) => sourceOf(access) === source.id)
    .map((access) => ({
      access,
      readers: access.bindings.map((binding) => bindingReader(binding, source)),
      leads: leadingTest(access.bindings),
    }));
  return rows.objects.flatMap((object) =>
    bound.flatMap(({ access, readers, leads }): readonly KeyedRows[] => {
      if (!leads(object)) return [];
      const tally = asked.of(access, source);
      tally.sourceRows += 1;
      const values = readers.map((read) => read(object, rows.constants));
      if (values.includes(undefined) || !isNew({ access, values }, asked)) return [];
      const own = boundAccess(access, { values, constants: rows.constants });
      if (own.kind === "list" && isOfNoRow(own, access.bindings)) return [];
      const { held, rest } = heldRows({ table, access: own }, object, context);
      tally.keys += 1;
      tally.asked += rest === undefined ? 0 : 1;
      tally.rows += held?.objects.length ?? 0;
      return [{ held, rest, bindings: access.bindings, tally }];
    }),
  );
}

/** The rows of what has to be asked for. */
export function restRows(
  table: Table,
  { rest, bindings, tally }: KeyedRows,
  context: StatementContext,
): AsyncIterable<RowBatch> {
  if (rest === undefined) return noRows();
  if (rest.kind === "retrieve") {
    tally.requests += 1;
    return retrievedRows(table, { accesses: [rest], limit: undefined }, context);
  }
  const joined = bindings.filter(({ kind }) => kind === "join" || kind === "member");
  return listedRows({ table, access: rest }, { readAll: false, joined, tally }, context);
}

async function* noRows(): AsyncGenerator<RowBatch> {}

/**
 * Rows of the accesses that wait for a relation, for some of its rows: what those hold, then the pages of what follows. Where
 * all are wanted, several are asked for at a time.
 */
export function boundRows(
  relation: Pick<Scanned, "table" | "scan">,
  { readAll, ...source }: SourceRows & ReadOptions,
  context: StatementContext,
): AsyncIterable<RowBatch> {
  const reads = keyedRows(relation, source, context).map(
    (keyed): ReadBatches =>
      (run) =>
        rowsOfKey(relation.table, keyed, run),
  );
  return readAll ? inTurn(reads, context) : oneByOne(reads, context);
}

async function* rowsOfKey(table: Table, keyed: KeyedRows, context: StatementContext): AsyncGenerator<RowBatch> {
  if (keyed.held !== undefined) yield keyed.held;
  yield* restRows(table, keyed, context);
}

/** Whether a source's row satisfies its own conditions, as far as they were read; where it does not, nothing is joined to it. */
function leadingTest(bindings: readonly Binding[]): (object: JsonObject) => boolean {
  const tests = bindings.flatMap(({ source: { only = [] } }) => only).map(fieldTest);
  return (object) => tests.every((test) => test(object) !== "broken");
}

/** Two parents are never one; values that rows are joined by may be the same. */
function isNew(
  { access, values }: { readonly access: Access; readonly values: BoundValues["values"] },
  asked: KeysAsked,
): boolean {
  if (access.bindings.some(({ kind }) => kind === "parent")) return true;
  const targets = Object.fromEntries(access.bindings.map(({ target }, index) => [target, values[index] ?? ""]));
  const text = requestText({ ...access, path: fillPath(access.path, targets) }, values);
  return asked.isNew(text);
}

/** What a relation asks for without waiting: a key that comes later does not lead to it once more. */
export function askedAtOnce({ scan }: Pick<Scanned, "scan">): Set<string> {
  const retrieves = accessesOf(scan).filter((access) => access.kind === "retrieve" && access.bindings.length === 0);
  return new Set(retrieves.map((access) => requestText(access, [])));
}

/** Of objects by their paths alone; of lists by the values too, that are sent as parameters. */
function requestText({ kind, accountId, path, parameters }: Access, values: BoundValues["values"]): string {
  return JSON.stringify([accountId ?? null, path, parameters, ...(kind === "retrieve" ? [] : values)]);
}
