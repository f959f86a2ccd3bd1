import { withParameter } from "../../plan/scan/request-template.js";
import type { ListAccess, RowsOnClocks } from "../../plan/scan/scan.js";
import { isRefusedParameter } from "../../stripe/is-missing-object.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { mergedNewestFirst } from "./merged-rows.js";
import type { RowBatch } from "./row-batch.js";
import type { ReadBatches } from "./side-by-side.js";
import { inTurn, oneByOne } from "./side-by-side.js";

interface ClockedList {
  readonly access: ListAccess;
  readonly onClocks: RowsOnClocks;
  readonly limit: number | undefined;
  /** True where every row will be wanted. */
  readonly readAll: boolean;
  /** Rows of the list by an access that differs in its parameters. */
  readonly read: (access: ListAccess, context: StatementContext) => AsyncGenerator<RowBatch>;
}

/**
 * The rows of a list, and those of each test clock, which it leaves out: after them, or where the statement relies on
 * newest rows first, among them. A notice says so where they cannot be read. Clocks are asked for once a row of the list
 * could not do: a limit that it fills needs none.
 * Source: https://docs.stripe.com/api/customers/list#list_customers-test_clock
 */
export async function* withRowsOnClocks(list: ClockedList, context: StatementContext): AsyncGenerator<RowBatch> {
  const { access } = list;
  const listed = new Set<Json | undefined>();
  const main = notingClocks(list, listed, context);
  if (access.newestFirstBy === undefined) {
    const count = yield* counted(main);
    if (list.limit !== undefined && count >= list.limit) return;
    const reads = (await clocksToRead(list, context)).map(
      (clock): ReadBatches =>
        (run) =>
          rowsOf(clock, { list, listed }, run),
    );
    yield* list.readAll && list.limit === undefined ? inTurn(reads, context) : oneByOne(reads, context);
    return;
  }
  const first = await main.next();
  const clocks = await clocksToRead(list, context);
  const others = clocks.map((clock) => rowsOf(clock, { list, listed }, context));
  yield* mergedNewestFirst([startingWith(first, main), ...others], access.newestFirstBy);
}

async function* counted(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch, number> {
  let count = 0;
  for await (const batch of batches) {
    count += batch.objects.length;
    yield batch;
  }
  return count;
}

async function* startingWith(
  first: IteratorResult<RowBatch>,
  rest: AsyncGenerator<RowBatch>,
): AsyncGenerator<RowBatch> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } finally {
    // Where it is given up before its rest has begun, nobody else ends that.
    await rest.return(undefined);
  }
}

/** Rows on a clock that the list gives all the same are not to be given again. */
async function* notingClocks(
  { access, onClocks, read }: ClockedList,
  listed: Set<Json | undefined>,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  for await (const batch of read(access, context)) {
    for (const object of batch.objects) if (clockOf(object, onClocks) !== undefined) listed.add(object["id"]);
    yield batch;
  }
}

async function clocksToRead(
  { access: { accountId }, onClocks }: ClockedList,
  context: StatementContext,
): Promise<readonly string[]> {
  const { clocks: path, parameter, notice } = onClocks;
  const clocks = await context.testClocks.of({ path, accountId }, context);
  if (clocks !== "refused" && parameter !== undefined) return clocks;
  if (clocks.length > 0) context.notice(notice);
  return [];
}

/** What a server gives that knows of no clocks is no clock's: only the rows that name it are. */
async function* rowsOf(
  clock: string,
  { list, listed }: { readonly list: ClockedList; readonly listed: ReadonlySet<Json | undefined> },
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { access, onClocks, read } = list;
  const { parameter = "", notice } = onClocks;
  const parameters = withParameter(access.parameters, parameter, clock);
  try {
    for await (const { objects, constants } of read({ ...access, parameters }, context)) {
      const own = objects.filter((object) => clockOf(object, onClocks) === clock && !listed.has(object["id"]));
      yield { objects: own, constants };
    }
  } catch (error) {
    if (!isRefusedParameter(error, parameter)) throw error;
    context.notice(notice);
  }
}

function clockOf(object: JsonObject, { field }: RowsOnClocks): string | undefined {
  const value = jsonAt(object, field);
  const id = isJsonObject(value) ? value["id"] : value;
  return typeof id === "string" ? id : undefined;
}
