import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metrics } from "../../src/catalog/metrics/metrics.js";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { RunningSandbox } from "../sandbox/running-sandbox.js";
import { openRunning } from "../sandbox/running-sandbox.js";
import { expectedMrr } from "./expected-mrr.js";
import { expectedPayments } from "./expected-payments.js";
import type { RawAccount } from "./raw-account.js";
import { readAccount } from "./raw-account.js";
import { enrich } from "./richer-business.js";
import type { Row } from "./rows.js";
import { sorted } from "./rows.js";

const businesses = [
  { seed: 1, customers: 60, start: "2026-06-01" },
  { seed: 7, customers: 150, start: "2026-05-17" },
  { seed: 42, customers: 20, start: "2025-12-31" },
];

describe.each(businesses)("of the business of seed $seed", ({ seed, customers, start }) => {
  let running: RunningSandbox | undefined;
  let connection: Connection | undefined;
  let account: RawAccount | undefined;
  let expected: Expected = {};

  beforeAll(async () => {
    const clock = { seconds: Date.parse(start) / 1000 };
    running = await openRunning({ seed, customers, nowSeconds: () => clock.seconds });
    await enrich(running.stripe, clock);
    account = await readAccount(running.stripe);
    expected = expectedOf(account);
    connection = await connect({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url });
  });

  afterAll(async () => {
    await connection?.close();
    await running?.sandbox.close();
    running?.catalog.close();
  });

  const rowsOf = (name: string) => sorted((expected[name] ?? []).map(inOrder));

  test.each(metrics.map(({ name }) => name))("metrics.%s is what the raw objects come to", async (name) => {
    const rows = sorted(((await connection?.query(`SELECT * FROM metrics.${name}`))?.rows ?? []).map(plain));
    expect(rows.length).toBeGreaterThan(0);
    // A month or a day may have begun since.
    if (!isDeepStrictEqual(rows, rowsOf(name)) && account !== undefined) expected = expectedOf(account);
    expect(rows).toEqual(rowsOf(name));
  });
});

type Expected = Readonly<Record<string, readonly Row[]>>;

const expectedOf = (account: RawAccount): Expected => ({ ...expectedMrr(account), ...expectedPayments(account) });

function plain(row: Readonly<Record<string, unknown>>): Row {
  return inOrder(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    ) as Row,
  );
}

/** Rates to twelve digits, which is as far as the order of operations leaves them alone. */
function inOrder(row: Row): Row {
  const entries = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value,
    ]),
  );
}
