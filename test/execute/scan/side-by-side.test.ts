import { expect, test } from "vitest";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { RowBatch } from "../../../src/execute/scan/row-batch.js";
import type { ReadBatches } from "../../../src/execute/scan/side-by-side.js";
import { allInTurn, inTurn } from "../../../src/execute/scan/side-by-side.js";
import { listPages } from "../../../src/stripe/pager.js";
import { HeldClient, listPage } from "../../support/held-client.js";
import { settled } from "../../support/list-in-memory.js";
import { errorOf, freshScope } from "../../support/scripted-client.js";
import { statementContext } from "../../support/statement-context.js";

const call = (path: string) =>
  ({
    path,
    endpointPath: path,
    parameters: {},
    accountId: undefined,
    budget: "read",
    pagination: "cursor",
    pageSize: 100,
  }) as const;

const reading = (path: string): ReadBatches =>
  async function* ({ client, scope }) {
    for await (const { rows } of listPages(client, call(path), scope)) yield { objects: rows, constants: {} };
  };

const paths = ["/a", "/b", "/c", "/d"];
const pace = (parallelRequests: number) => () => ({
  requestsPerSecond: undefined,
  latencyMs: undefined,
  parallelRequests,
});

function begun(client: HeldClient, width: number) {
  const scope = freshScope();
  const ids: unknown[] = [];
  const batches = inTurn(paths.map(reading), statementContext(client, { scope, pace: pace(width) }));
  const done = (async () => {
    for await (const { objects } of batches) ids.push(...objects.map(({ id }) => id));
  })();
  done.catch(() => undefined);
  return { ids, done, batches, scope };
}

test("the first pages of several lists are asked for at a time, and given in turn", async () => {
  const client = new HeldClient();
  const { ids, done } = begun(client, 3);
  await client.sent(2);
  await settled();
  expect(client.paths).toEqual(["/a", "/b", "/c"]);
  (await client.sent(2)).answer(listPage([{ id: "c1" }], true));
  (await client.sent(1)).answer(listPage([{ id: "b1" }]));
  await settled();
  // What follows c1 is asked for when it is c's turn.
  expect([client.paths.length, ids]).toEqual([3, []]);
  (await client.sent(0)).answer(listPage([{ id: "a1" }]));
  (await client.sent(3)).answer(listPage([{ id: "d1" }]));
  (await client.sent(4)).answer(listPage([{ id: "c2" }]));
  await done;
  expect(ids).toEqual(["a1", "b1", "c1", "c2", "d1"]);
});

test("one after the other they are where one request at a time is wanted", async () => {
  const client = new HeldClient();
  const { done } = begun(client, 1);
  for (const [position, path] of paths.entries()) {
    await settled();
    expect(client.paths.slice(position)).toEqual([path]);
    (await client.sent(position)).answer(listPage([{ id: path }]));
  }
  await done;
});

test("the failure of one is told in its turn and ends the others", async () => {
  const client = new HeldClient();
  const { done } = begun(client, 4);
  (await client.sent(3)).answer(listPage([{ id: "d1" }]));
  (await client.sent(0)).fail(refusal());
  expect(await errorOf(done)).toMatchObject({ message: "refused" });
});

test("whoever leaves them leaves nothing under way", async () => {
  const client = new HeldClient();
  const scope = freshScope();
  const batches = inTurn(paths.map(reading), statementContext(client, { scope, pace: pace(4) }));
  const first: Promise<IteratorResult<RowBatch>> = batches.next();
  (await client.sent(0)).answer(listPage([{ id: "a1" }], true));
  await first;
  // The requests of b, c and d are never answered: they are given up.
  await batches.return(undefined);
  expect(scope.count).toBe(4);
});

test("what is made of several is in their order, and the first failure ends the rest", async () => {
  const context = statementContext(new HeldClient(), { pace: pace(2) });
  expect(await allInTurn([3, 1, 2], async (item) => item * 2, context)).toEqual([6, 2, 4]);
  const made: number[] = [];
  const failing = allInTurn(
    [1, 2, 3, 4],
    async (item, run) => {
      if (item === 2) throw refusal();
      await settled();
      made.push(run.scope.signal?.aborted === true ? -item : item);
    },
    context,
  );
  expect(await errorOf(failing)).toMatchObject({ message: "refused" });
  expect(made).toEqual([-1]);
});

const refusal = () => new StripeSqlError("refused", { sqlState: SqlState.insufficientPrivilege, phase: "stripe" });
