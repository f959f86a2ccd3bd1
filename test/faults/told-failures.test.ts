import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { Fault } from "../../src/sandbox/sandbox.js";
import { connectSandbox } from "../support/sandbox-connection.js";

/** Whatever is wrong with Stripe's answers, a statement tells what it is and what became of what it writes. */
const running = connectSandbox({ customers: 20 });
let hasty: Connection;

beforeAll(async () => {
  hasty = await connect({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url, timeout: 0.3 });
  await hasty.query("SELECT Id FROM Customer WHERE Email = 'nobody@example.com'");
});

afterAll(() => hasty.close());

interface ToldFailure {
  readonly effect: Fault["effect"];
  readonly sqlState: string;
  readonly message: string;
  /** Of a statement that only reads. */
  readonly retryable: boolean;
  /** Whether a write may have been carried out. */
  readonly doubt: boolean;
  /** What its detail says of the last request. */
  readonly detail: string;
}

const answered = (status: number, message: string, headers = {}): Fault["effect"] => ({
  ...{ kind: "status", status, headers },
  body: { error: { type: status < 500 ? "invalid_request_error" : "api_error", message } },
});

const unreadable = { sqlState: "58030", message: "Stripe's answer could not be read" } as const;
const lost = { sqlState: "08006", message: "the connection to Stripe was lost", retryable: true, doubt: true } as const;
const late = { sqlState: "08006", message: "the request to Stripe timed out", retryable: true, doubt: true } as const;

const failures: Readonly<Record<string, ToldFailure>> = {
  "429 to the end": {
    effect: answered(429, "Too many requests", { "Retry-After": "0.001" }),
    ...{ sqlState: "53400", message: "Too many requests", retryable: true, doubt: false },
    detail: "was answered with status 429 after 8 attempts.",
  },
  "500": {
    effect: answered(500, "Oops"),
    ...{ sqlState: "58030", message: "Oops", retryable: true, doubt: true },
    detail: "was answered with status 500 after 3 attempts.",
  },
  "502 of a proxy, in HTML": {
    effect: { kind: "status", status: 502, body: "<html><body>Bad Gateway</body></html>" },
    ...{ ...unreadable, retryable: true, doubt: true },
    detail: "was answered with status 502 and a body that is no Stripe object after 3 attempts.",
  },
  "a request that is lost": {
    effect: { kind: "disconnect" },
    ...lost,
    detail: "got no answer (ECONNRESET) after 3 attempts.",
  },
  "a reply that is lost": {
    effect: { kind: "lose-reply" },
    ...lost,
    detail: "got no answer (ECONNRESET) after 3 attempts.",
  },
  "half of a reply": {
    effect: { kind: "truncate" },
    ...lost,
    detail: "got no whole answer (ECONNRESET) after 3 attempts.",
  },
  "JSON that is none": {
    effect: { kind: "garble", body: '{"id": "cus_1", ' },
    ...{ ...unreadable, retryable: false, doubt: true },
    detail: "was answered with status 200 and a body that is no Stripe object after 3 attempts.",
  },
  "no reply in time": { effect: { kind: "stall" }, ...late, detail: "got no answer (ETIMEDOUT) after 3 attempts." },
  "a reply that never ends": {
    effect: { kind: "trickle", milliseconds: 20 },
    ...late,
    detail: "got no whole answer (ETIMEDOUT) after 3 attempts.",
  },
};

const reads: Readonly<Record<string, (ids: Ids) => string>> = {
  "SELECT by a list": () => "SELECT Id FROM Customer WHERE Name LIKE '%a%'",
  "SELECT by an id": ({ customer }) => `SELECT Id FROM Customer WHERE Id = '${customer}'`,
  "SELECT by a search": () => "SELECT Id FROM Customer WHERE SearchQuery = 'email:\"a@example.com\"'",
  "EXEC that reads": () => "EXEC RetrieveMandate MandateId = 'mandate_1'",
};
const writes: Readonly<Record<string, (ids: Ids) => string>> = {
  "INSERT of one": () => "INSERT INTO Product (Name) VALUES ('One')",
  "INSERT of many": () => "INSERT INTO Product (Name) VALUES ('One'), ('Two'), ('Three')",
  "UPDATE of one": ({ customer }) => `UPDATE Customer SET Phone = '1' WHERE Id = '${customer}'`,
  "UPDATE of many": ({ customer, other }) => `UPDATE Customer SET Phone = '1' WHERE Id IN ('${customer}', '${other}')`,
  DELETE: ({ product }) => `DELETE FROM Product WHERE Id = '${product}'`,
  "EXEC that writes": ({ intent }) => `EXEC CancelPaymentIntent PaymentIntentId = '${intent}'`,
};

interface Ids {
  readonly customer: string;
  readonly other: string;
  readonly product: string;
  readonly intent: string;
}

async function freshIds(): Promise<Ids> {
  const { stripe } = running;
  const [customer, other, product, intent] = await Promise.all([
    stripe.customers.create({}),
    stripe.customers.create({}),
    stripe.products.create({ name: "To be deleted" }),
    stripe.paymentIntents.create({ amount: 1500, currency: "usd" }),
  ]);
  return { customer: customer.id, other: other.id, product: product.id, intent: intent.id };
}

/** What each of the statements ended in while every answer is spoilt so. */
async function outcomesOf(statements: readonly string[], effect: Fault["effect"], key?: string) {
  running.sandbox.faults.add({ times: 1000, effect });
  const options = key === undefined ? {} : { idempotencyKey: key };
  const ended = await Promise.allSettled(statements.map((sql) => hasty.query(sql, undefined, options)));
  running.sandbox.faults.clear();
  return ended.map((one) => (one.status === "fulfilled" ? one.value : one.reason));
}

const named = (statements: Readonly<Record<string, (ids: Ids) => string>>, ids: Ids) =>
  Object.values(statements).map((sql) => sql(ids));

describe.each(Object.entries(failures))("%s", (_name, told) => {
  test("fails what reads, and no write is spoken of", async () => {
    const statements = named(reads, await freshIds());
    for (const [index, error] of (await outcomesOf(statements, told.effect)).entries()) {
      expect(error, statements[index]).toBeInstanceOf(StripeSqlError);
      expect(error, statements[index]).toMatchObject({
        ...{ sqlState: told.sqlState, message: told.message, retryable: told.retryable },
        detail: expect.stringMatching(/^GET .*\.$/),
      });
      expect(error.detail).toContain(told.detail);
      expect(`${error.detail} ${error.hint}`).not.toMatch(/carried out|written|doubt|idempotency/);
      expect([error.stripe.inDoubt, error.stripe.idempotencyKey]).toEqual([undefined, undefined]);
    }
  });

  test("fails what writes, and tells whether it may have been carried out", async () => {
    const statements = named(writes, await freshIds());
    const outcomes = await outcomesOf(statements, told.effect);
    for (const [index, outcome] of outcomes.entries()) expectToldWrite(outcome, statements[index] ?? "", told);
  });
});

function expectToldWrite(outcome: unknown, sql: string, told: ToldFailure): void {
  const isDeletion = sql.startsWith("DELETE");
  // What a deletion whose reply was lost was to delete is gone when it is sent again: that is told as done. On a busy
  // machine the first request may be given up before it arrives, and the second one carries it out.
  if (isDeletion && !(outcome instanceof Error)) {
    const { rowCount, notices } = outcome as { readonly rowCount: number; readonly notices: readonly string[] };
    expect(rowCount, sql).toBe(1);
    expect(
      notices.filter((notice) => !notice.includes("it is gone now")),
      sql,
    ).toEqual([]);
    return;
  }
  expect(outcome, sql).toBeInstanceOf(StripeSqlError);
  const { message, sqlState, retryable, detail = "", stripe } = outcome as StripeSqlError;
  expect([message, sqlState], sql).toEqual([told.message, told.sqlState]);
  expect(stripe.inDoubt, sql).toBe(told.doubt ? true : undefined);
  // Without a key of its caller's, running it again might do twice what was done.
  expect(retryable, sql).toBe(told.doubt ? false : told.retryable);
  expect(/may have been carried out all the same/.test(detail), sql).toBe(told.doubt);
  const hasKey = told.doubt && !isDeletion;
  expect(/stripe-sql-[0-9a-f-]{36}/.test(detail), sql).toBe(hasKey);
  expect(typeof stripe.idempotencyKey, sql).toBe(hasKey ? "string" : "undefined");
}

test("what is in doubt under the caller's own key may be run again under it, if Stripe may answer then", async () => {
  for (const name of ["500", "a reply that is lost", "no reply in time"]) {
    const { effect } = failures[name] ?? {};
    if (effect === undefined) throw new RangeError(name);
    const insert = "INSERT INTO Product (Name) VALUES ('By key')";
    const [error] = await outcomesOf([insert], effect, `key-of-${name.replaceAll(" ", "-")}`);
    expect(error).toMatchObject({
      retryable: true,
      stripe: { inDoubt: true, idempotencyKey: `key-of-${name.replaceAll(" ", "-")}` },
    });
    expect(
      await hasty.query(insert, undefined, { idempotencyKey: `key-of-${name.replaceAll(" ", "-")}` }),
    ).toMatchObject({ rowCount: 1 });
  }
  expect((await running.query("SELECT Id FROM Product WHERE Name = 'By key'")).rows).toHaveLength(3);
});
