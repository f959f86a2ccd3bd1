import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { areNarrowedBy, isSame, rangeOf } from "../../plan/access/narrowed-parameters.js";
import { narrowingParameters } from "../../plan/access/shared-accesses.js";
import { fieldTest } from "../../plan/scan/field-test.js";
import type { ExpectedField, ListAccess, RequestParameters } from "../../plan/scan/scan.js";
import { throwIfCanceled } from "../../stripe/canceled-error.js";
import type { Page } from "../../stripe/pager.js";
import type { JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import type { KeptDraft, KeptList } from "../../value/kept-list.js";
import type { CheckedList } from "../scan/row-check.js";
import type { StatementContext } from "../statement-context.js";
import type { KeptFacts } from "./kept-facts.js";
import { FactsSeen, readFacts } from "./kept-facts.js";
import { packPage, unpackPage } from "./kept-page.js";
import type { ReadPaths } from "./read-paths.js";
import { arePathsOfOneField } from "./read-paths.js";
import { keepableObjects } from "./withheld-fields.js";

/** A kept list that holds all rows of a list that is asked for. */
export interface CoveringList {
  readonly list: KeptList;
  /** Which of its rows those are. */
  readonly isAsked: (object: JsonObject) => boolean;
}

/** Pages that are read of a kept list at once: between them others get their turn. */
const pagesAtOnce = 8;

/**
 * A kept list that holds all rows of the one that is asked for, as far as any read then could:
 * - Its conditions are among those that are sent now, or wider (`areNarrowedBy`).
 * - What is sent beyond them can be told of each row, by fields that each carries.
 * - No field was left out of it that the statement reads.
 * - Its rows come newest first where that is relied upon.
 * - What is asked for may have been there when it was read: of rows that were created since it has none.
 */
export function coveringList({ table, access }: CheckedList, context: KeptContext): CoveringList | undefined {
  const { kept, readPaths } = context;
  if (kept === undefined || readPaths === undefined || !isKeepable(access)) return undefined;
  for (const list of kept.lists(placeOf(table, access))) {
    const covering = coveringBy(list, { table, access }, readPaths);
    if (covering !== undefined) return covering;
  }
  return undefined;
}

export type KeptContext = Pick<StatementContext, "kept" | "readPaths">;

function coveringBy(list: KeptList, { table, access }: CheckedList, readPaths: ReadPaths): CoveringList | undefined {
  const conditions = JSON.parse(list.conditions) as RequestParameters;
  if (!areNarrowedBy(access.parameters, conditions)) return undefined;
  if (createdSince(access, list.begunMs)) return undefined;
  const facts = readFacts(list.facts);
  if (!hasFields(facts, readPaths(table))) return undefined;
  if (access.newestFirstBy !== undefined && !isNewestFirst(facts, access.newestFirstBy)) return undefined;
  const tests = rowTests(access, { conditions, facts });
  return tests && { list, isAsked: (object) => tests.every((find) => find(object) === "kept") };
}

/** A list of no rows is in any order. */
function isNewestFirst({ newestFirstBy, carried }: KeptFacts, path: readonly string[]): boolean {
  return carried === undefined || newestFirstBy?.join("\n") === path.join("\n");
}

/** All rows that are asked for are younger than the list. */
function createdSince({ parameters }: ListAccess, begunMs: number): boolean {
  const range = rangeOf(parameters["created"]);
  return range !== undefined && range.minimum * 1000 >= begunMs;
}

function hasFields({ withheld }: KeptFacts, paths: readonly (readonly string[])[]): boolean {
  return !withheld.some((lacking) => paths.some((path) => arePathsOfOneField(path, lacking)));
}

interface KnownList {
  readonly conditions: RequestParameters;
  readonly facts: KeptFacts;
}

/** What tells the rows of a narrower list; undefined where its rows cannot be told. */
function rowTests(
  { parameters, filters }: ListAccess,
  { conditions, facts }: KnownList,
): readonly ReturnType<typeof fieldTest>[] | undefined {
  const tests: ReturnType<typeof fieldTest>[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (isSame(conditions[name], value)) continue;
    const sent = filters.filter(({ parameter }) => parameter === name || parameter.startsWith(`${name}[`));
    if (sent.length === 0) return undefined;
    for (const { expected } of sent) {
      if (expected === undefined || !canBeTold(expected, facts)) return undefined;
      tests.push(fieldTest(expected));
    }
  }
  return tests;
}

function canBeTold({ path }: ExpectedField, { carried, withheld }: KeptFacts): boolean {
  if (carried !== undefined && !carried.includes(path[0] ?? "")) return false;
  return !withheld.some((lacking) => arePathsOfOneField(path, lacking));
}

/** Its rows, up to a limit, in the order in which Stripe gave them. */
export async function* coveredPages(
  { list, isAsked }: CoveringList,
  { table, limit }: { readonly table: Table; readonly limit: number | undefined },
  { kept, scope }: StatementContext,
): AsyncGenerator<Page> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let given = 0;
  try {
    for (let from = 0; from < list.pages && left > 0; from += pagesAtOnce) {
      const to = Math.min(list.pages, from + pagesAtOnce);
      const packed = kept?.pages(list, from, to) ?? [];
      if (packed.length < to - from) throw keptRowsGone(table);
      for (const page of packed) {
        throwIfCanceled(scope.signal);
        const rows = unpackPage(page).filter(isAsked).slice(0, left);
        left -= rows.length;
        given += rows.length;
        if (rows.length > 0) yield { rows };
        if (left <= 0) break;
      }
      await betweenPages();
    }
  } finally {
    kept?.used(table.name, list, given);
  }
}

/** Lets what waits have its turn. */
const betweenPages = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** They may have been forgotten, or have made room for others, by any process. */
function keptRowsGone({ name }: Table): StripeSqlError {
  return new StripeSqlError(`kept rows of "${name}" were removed while they were read`, {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    hint: "Run the statement again: it reads them from Stripe.",
    retryable: true,
  });
}

/** Where the rows of a list that is about to be read are kept; undefined where they are not. */
export function keepingDraft(
  { table, access }: CheckedList,
  { kept, notice }: Pick<StatementContext, "kept" | "notice">,
): KeptDraft | undefined {
  if (kept === undefined || !isKeepable(access)) return undefined;
  const draft = kept.begin();
  if (draft === undefined)
    notice(`rows of ${table.name} are not kept: a change is under way, or got no answer within the last ten minutes`);
  return draft;
}

/**
 * The pages of a list as they come from Stripe, kept on their way: all of them or none, as a list that fails, is given up or
 * ends at a limit is not whole.
 */
export async function* keepingPages(
  pages: AsyncIterable<Page>,
  {
    list,
    limit,
    draft,
  }: { readonly list: CheckedList; readonly limit: number | undefined; readonly draft: KeptDraft | undefined },
  { notice }: StatementContext,
): AsyncGenerator<Page> {
  if (draft === undefined) {
    yield* pages;
    return;
  }
  const { table, access } = list;
  const seen = new FactsSeen(access.newestFirstBy ?? ["created"]);
  const keyOf = keyReader(table);
  let [count, isKept, isFinished] = [0, true, false];
  try {
    for await (const page of pages) {
      count += page.rows.length;
      if (isKept && page.rows.length > 0) {
        const keepable = keepableObjects(page.rows);
        seen.see(page.rows, keepable.withheld);
        isKept = draft.add(packPage(keepable, keyOf));
        if (!isKept) notice(`rows of ${table.name} are not kept: they are more than CacheSize, or cannot be written`);
      }
      yield page;
    }
    if (isKept && (limit === undefined || count < limit)) {
      isFinished = true;
      finishDraft(draft, { list, facts: seen.text, notice });
    }
  } finally {
    if (!isFinished) draft.discard();
  }
}

interface ReadList {
  readonly list: CheckedList;
  readonly facts: string;
  readonly notice: StatementContext["notice"];
}

function finishDraft(draft: KeptDraft, { list: { table, access }, facts, notice }: ReadList): void {
  const isKept = draft.finish({
    place: placeOf(table, access),
    collection: collectionIn(table, access),
    conditions: JSON.stringify(narrowingParameters(access, table)),
    facts,
  });
  if (!isKept) notice(`rows of ${table.name} are not kept: something was changed or forgotten while they were read`);
}

/** Search may not know yet what was changed; pages that follow an object's own rows are half a list. */
const isKeepable = ({ budget, parameters }: ListAccess): boolean =>
  budget === "read" && !("starting_after" in parameters);

export const keyReader = (table: Table): ((object: JsonObject) => ReturnType<typeof jsonAt>) => {
  const path = table.columns.find(({ name }) => name === table.primaryKey)?.path ?? ["id"];
  return (object) => jsonAt(object, path);
};

/** What lists must have alike for the rows of one to be another's. */
function placeOf({ schema, name }: Table, { endpoint, path, accountId }: ListAccess): string {
  return JSON.stringify([schema, name, endpoint.apiBase, path, accountId]);
}

/** The table as one whose objects can be found in a list by their keys: none that belong to others' objects. */
export function collectionOf({ schema, name }: Table, accountId: string | undefined): string {
  return JSON.stringify([schema, name, accountId]);
}

/** Objects that come expanded are others than by their key. */
function collectionIn(table: Table, { path, parameters, accountId }: ListAccess): string | undefined {
  const isOfTable = table.lists.some((list) => list.path === path && list.parents.length === 0);
  return isOfTable && !("expand" in parameters) ? collectionOf(table, accountId) : undefined;
}
