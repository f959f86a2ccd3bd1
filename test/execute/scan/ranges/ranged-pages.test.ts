import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SqlState } from "../../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../../src/error/stripe-sql-error.js";
import type { RangedList } from "../../../../src/execute/scan/ranges/ranged-pages.js";
import { rangedPages } from "../../../../src/execute/scan/ranges/ranged-pages.js";
import type { StatementContext } from "../../../../src/execute/statement-context.js";
import type { JsonObject } from "../../../../src/value/json.js";
import { ListInMemory, settled } from "../../../support/list-in-memory.js";
import { errorOf, freshScope } from "../../../support/scripted-client.js";
import { statementContext } from "../../../support/statement-context.js";

const now = 1_790_000_000;
const year = 31_536_000;

const list: RangedList = {
  call: {
    path: "/v1/charges",
    endpointPath: "/v1/charges",
    parameters: {},
    accountId: undefined,
    budget: "read",
    pagination: "cursor",
    pageSize: 100,
    readAll: true,
  },
  whole: { since: undefined, before: undefined },
  known: () => undefined,
  pagesSeen: undefined,
  onBroken: (reason) => {
    throw new Error(`ranges were ${reason}`);
  },
};

const inParallel = (parallelRequests: number) => ({
  pace: () => ({ requestsPerSecond: undefined, latencyMs: undefined, parallelRequests }),
});

/** A list that is being read, and the rows that have come. */
function reading(
  client: ListInMemory,
  {
    width = 6,
    changes = {},
    ranged = list,
  }: { width?: number; changes?: Partial<StatementContext>; ranged?: RangedList },
) {
  const rows: JsonObject[] = [];
  let isDone = false;
  const context = statementContext(client, { ...inParallel(width), ...changes });
  const done = (async () => {
    for await (const page of rangedPages(ranged, context)) rows.push(...page.rows);
  })().finally(() => {
    isDone = true;
  });
  done.catch(() => undefined);
  return { rows, done, isDone: () => isDone };
}

/** Reads a list whose answers come in an order of their own, while `change` is called before each of them. */
async function readInAnyOrder(
  client: ListInMemory,
  { width, pick, change = () => undefined }: { width: number; pick: () => number; change?: (() => void) | undefined },
): Promise<readonly JsonObject[]> {
  const { rows, done, isDone } = reading(client, { width });
  for (await settled(); !isDone(); await settled()) {
    change();
    const { waiting } = client;
    waiting[pick() % Math.max(1, waiting.length)]?.answer();
  }
  await done;
  return rows;
}

const idsOf = (rows: readonly JsonObject[]) => rows.map(({ id }) => id);
const pagesOf = (rows: readonly unknown[]) => Math.max(1, Math.ceil(rows.length / 100));

/** Times of rows: spread evenly, in a few dense places, many at one second, or all of these. */
const times = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 900 }),
      start: fc.integer({ min: now - year, max: now - 1 }),
      seconds: fc.constantFrom(1, 2, 60, 86_400, year),
    }),
    { maxLength: 8 },
  )
  .map((places) =>
    places.flatMap(({ count, start, seconds }) =>
      Array.from({ length: count }, (_, index) =>
        Math.max(now - 5 * year, start - Math.floor((index * seconds) / count)),
      ),
    ),
  );

const evenTimes = (count: number, seconds = year) =>
  Array.from({ length: count }, (_, index) => now - Math.floor((index * seconds) / count));

describe("a list in ranges of its times", () => {
  test("gives each row once, in the list's own order, in whichever order the answers come, for at most twice the pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat()),
        async (seconds, width, picks) => {
          const client = new ListInMemory(seconds);
          const rows = await readInAnyOrder(client, { width, pick: () => picks.next().value });
          expect(idsOf(rows)).toEqual(idsOf(client.rows));
          expect(client.sent.length).toBeLessThanOrEqual(2 * pagesOf(rows));
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 150) },
    );
  });

  test("loses and repeats none of the rows that are there all the time while others come and go", async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.infiniteStream(fc.nat()), async (seconds, draws) => {
        const draw = () => draws.next().value;
        const client = new ListInMemory(seconds);
        const before = [...client.rows];
        const gone = new Set<unknown>();
        let clock = now;
        const change = () => {
          clock += draw() % 3;
          if (draw() % 2 === 0) client.insert(clock);
          const cursors = new Set(client.waiting.map(({ parameters }) => parameters?.["starting_after"]));
          const row = client.rows[draw() % Math.max(1, client.rows.length)];
          // A cursor that is gone is an error: see below.
          if (row === undefined || cursors.has(row["id"]) || draw() % 3 !== 0) return;
          gone.add(row["id"]);
          client.rows.splice(client.rows.indexOf(row), 1);
        };
        const rows = await readInAnyOrder(client, { width: 5, pick: draw, change }).catch((error: unknown) => {
          expect(error).toMatchObject({ stripe: { param: "starting_after" } });
        });
        if (rows === undefined) return;
        const given = new Set(idsOf(rows));
        expect(given.size).toBe(rows.length);
        expect(before.filter(({ id }) => !gone.has(id) && !given.has(id))).toEqual([]);
        expect(
          rows.every(({ created }, index) => index === 0 || Number(created) <= Number(rows[index - 1]?.["created"])),
        ).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test.each([1, 2, 3, 4, 7])(
    "takes no more requests than pages where it is of %i pages that follow at once, or one for a guess",
    async (pages) => {
      const client = new ListInMemory(evenTimes(100 * pages));
      await readInAnyOrder(client, { width: 6, pick: () => 0 });
      expect(client.sent.length).toBeLessThanOrEqual(pages < 4 ? pages : pages + 2);
    },
  );

  test("takes at most a tenth more requests than pages where rows are spread evenly", async () => {
    for (const count of [12_000, 20_000]) {
      const client = new ListInMemory(evenTimes(count));
      await readInAnyOrder(client, { width: 6, pick: () => 0 });
      expect(client.sent.length).toBeLessThanOrEqual(1.1 * (count / 100));
    }
  });

  test("pages through a second that holds more than a page", async () => {
    const seconds = [...evenTimes(3000), ...Array.from({ length: 450 }, () => now - year / 2)];
    const client = new ListInMemory(seconds);
    const rows = await readInAnyOrder(client, { width: 8, pick: () => 1 });
    expect(idsOf(rows)).toEqual(idsOf(client.rows));
  });

  test("keeps as many requests under way as it may, and no more", async () => {
    const client = new ListInMemory(evenTimes(10_000));
    const { done, isDone } = reading(client, { width: 5 });
    let most = 0;
    for (await settled(); !isDone(); await settled()) {
      most = Math.max(most, client.waiting.length);
      client.waiting[0]?.answer();
    }
    await done;
    expect(most).toBe(5);
  });
});

describe("pages that nobody takes", () => {
  it("hold back the requests", async () => {
    const client = new ListInMemory(evenTimes(60_000));
    const pages = rangedPages(list, statementContext(client, inParallel(4)));
    const first = pages.next();
    await answerAll(client);
    await first;
    const sent = await answerAll(client);
    expect(sent).toBeLessThanOrEqual(2 * 8 * 4 + 1);
    await pages.return(undefined);
    expect(client.waiting).toEqual([]);
  });

  it("are one, where they are read one after the other", async () => {
    const client = new ListInMemory(evenTimes(2000));
    const pages = rangedPages(list, statementContext(client, inParallel(1)));
    const first = pages.next();
    await answerAll(client);
    await first;
    expect(await answerAll(client)).toBe(2);
    await pages.return(undefined);
  });
});

/** Answers whatever is asked until nothing more is; gives how many were asked in all. */
async function answerAll(client: ListInMemory): Promise<number> {
  for (await settled(); client.waiting.length > 0; await settled()) client.waiting[0]?.answer();
  return client.sent.length;
}

/** Answers so many requests. */
async function answer(client: ListInMemory, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await settled();
    client.waiting[0]?.answer();
  }
  await settled();
}

describe("what ends a list in ranges", () => {
  it("is its reader, who leaves nothing under way", async () => {
    const client = new ListInMemory(evenTimes(5000));
    const scope = freshScope();
    const pages = rangedPages(list, statementContext(client, { ...inParallel(6), scope }));
    const first = pages.next();
    await answer(client, 8);
    await first;
    expect(client.waiting.length).toBeGreaterThan(2);
    await pages.return(undefined);
    expect([client.waiting.length, scope.count]).toEqual([0, client.sent.length]);
  });

  it("is the statement's cancellation", async () => {
    const client = new ListInMemory(evenTimes(5000));
    const controller = new AbortController();
    const { done } = reading(client, { changes: { scope: freshScope({ signal: controller.signal }) } });
    await answer(client, 8);
    controller.abort();
    expect(await errorOf(done)).toMatchObject({ sqlState: "57014" });
    expect(client.waiting).toEqual([]);
  });

  it("is the failure of any of its requests", async () => {
    const client = new ListInMemory(evenTimes(5000));
    const { done } = reading(client, {});
    await answer(client, 8);
    const failure = new StripeSqlError("an error of Stripe's", { sqlState: SqlState.upstreamError, phase: "stripe" });
    client.waiting.at(-1)?.fail(failure);
    expect(await errorOf(done)).toBe(failure);
    expect(client.waiting).toEqual([]);
  });

  it("is MaxRequests, within which it takes no request that is not needed", async () => {
    const client = new ListInMemory(evenTimes(2000));
    const changes = { scope: freshScope({ maxRequests: 20 }) };
    const { rows, done } = reading(client, { changes });
    await answerAll(client);
    await done;
    expect([rows.length, client.sent.length]).toEqual([2000, 20]);
  });
});

describe("a server that does not keep to ranges", () => {
  const refused = new StripeSqlError("Received unknown parameter: created", {
    sqlState: SqlState.invalidParameterValue,
    phase: "stripe",
    stripe: { status: 400, code: "parameter_unknown", param: "created" },
  });

  it("is read on page by page from where it had got to", async () => {
    const client = new ListInMemory(evenTimes(5000));
    client.filters = false;
    const broken: string[] = [];
    const { rows, done } = reading(client, { ranged: { ...list, onBroken: (reason) => void broken.push(reason) } });
    await answerAll(client);
    await done;
    expect(idsOf(rows)).toEqual(idsOf(client.rows));
    expect(broken).toEqual(["contradicted"]);
    expect(client.sent.length).toBeLessThanOrEqual(52);
  });

  it("is so too where it refuses them", async () => {
    const client = new ListInMemory(evenTimes(5000));
    const broken: string[] = [];
    const { rows, done, isDone } = reading(client, {
      ranged: { ...list, onBroken: (reason) => void broken.push(reason) },
    });
    for (await settled(); !isDone(); await settled()) {
      const [first] = client.waiting;
      if (first?.parameters?.["created"] === undefined) first?.answer();
      else first.fail(refused);
    }
    await done;
    expect(idsOf(rows)).toEqual(idsOf(client.rows));
    expect(broken).toEqual(["refused"]);
  });

  it("that gives the same page again and again is an endless list", async () => {
    const client = new ListInMemory(evenTimes(5000));
    client.repeats = true;
    const { rows, done } = reading(client, {});
    await answerAll(client);
    const error = await errorOf(done);
    expect(rows).toHaveLength(100);
    expect(error).toMatchObject({ sqlState: "58030" });
  });
});
