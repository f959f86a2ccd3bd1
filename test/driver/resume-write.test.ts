import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection, ConnectOptions, Row } from "../../src/driver/api.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { Fault } from "../../src/sandbox/sandbox.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const hour = 3600 * 1000;
const start = Date.parse("2026-11-01T00:00:00Z");

/** What was compiled there is of use to all tests. */
const cachePath = testFolder().path;
const stripe = connectSandbox({ customers: 5, nowSeconds: () => Math.floor(Date.now() / 1000) });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

interface Written {
  readonly connection: Connection;
  readonly id: string;
}

/** A write of five customers of a name that was cut by a fault; the connection knows it. */
async function cutWrite(sql: string, fault: Fault, options: ConnectOptions = {}): Promise<Written> {
  const connection = await stripe.open({ cachePath, timeout: 5, ...options });
  stripe.sandbox.faults.add(fault);
  const id = await connection.query(sql).then(({ write }) => write?.id ?? "none", namedIn);
  stripe.sandbox.faults.clear();
  stripe.sandbox.requests.clear();
  const { rows } = await connection.query("SELECT State FROM sys_writes WHERE Id = ?", [id]);
  expect(rows).toEqual([{ State: "unfinished" }]);
  return { connection, id };
}

/** The write that an error names. */
function namedIn(error: unknown): string {
  const hint = error instanceof StripeSqlError ? (error.hint ?? "") : "";
  return /RESUME WRITE '(.*)'/.exec(hint)?.[1] ?? "none";
}

const insertOf = (name: string, count = 5): string =>
  `INSERT INTO Customer (Name, Phone) VALUES ${Array.from({ length: count }, (_, index) => `('${name}', '${index}')`).join(", ")}`;

async function phonesOf(name: string): Promise<readonly unknown[]> {
  return (await stripe.query("SELECT Phone FROM Customer WHERE Name = ? ORDER BY Phone", [name])).rows.map(
    ({ Phone }) => Phone,
  );
}

const states = (rows: readonly Row[]) => rows.map(({ State }) => State);
const five = ["0", "1", "2", "3", "4"];
/** The third call is carried out, and its reply lost, as often as it is sent. */
const loseThird: Fault = { method: "POST", path: "/v1/customers", after: 2, times: 3, effect: { kind: "lose-reply" } };
/** The third call never arrives. */
const cutThird: Fault = { method: "POST", path: "/v1/customers", after: 2, times: 3, effect: { kind: "disconnect" } };
const allWritten = ["written", "written", "written", "written", "written"];

describe("a write that was cut", () => {
  it("is told of: what is written, in doubt and not sent, and how to go on", async () => {
    const connection = await stripe.open({ cachePath, timeout: 5 });
    stripe.sandbox.faults.add(loseThird);
    const { notices, outcomes, write } = await connection.query(insertOf("told"));
    const id = write?.id ?? "";
    expect(notices).toEqual([
      `write ${id} is unfinished: 2 written, 1 in doubt, 2 not sent; RESUME WRITE '${id}' goes on with it`,
    ]);
    expect(outcomes.map(({ state }) => state)).toEqual(["written", "written", "failed", "not tried", "not tried"]);
    expect(write?.calls.map(({ state }) => state)).toEqual([
      ...["written", "written", "in doubt", "not tried", "not tried"],
    ]);
    const shown = (await connection.query("SHOW WRITES")).rows.filter(({ Id }) => Id === id);
    expect(shown).toMatchObject([
      { Id: id, State: "unfinished", Command: "INSERT Customer", Calls: 5, Written: 2, InDoubt: 1, NotSent: 2 },
    ]);
    const calls = await connection.query("SELECT * FROM sys_writecalls WHERE WriteId = ? ORDER BY Number", [id]);
    expect(states(calls.rows)).toEqual(["written", "written", "in doubt", "planned", "planned"]);
    expect(calls.rows.map(({ Number: number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(calls.rows[0]).toMatchObject({
      RequestId: expect.stringMatching(/^req_/),
      Id: expect.stringMatching(/^cus_/),
    });
    expect(calls.rows[2]).toMatchObject({ Message: "the connection to Stripe was lost", Resumable: true });
    expect(new Set(calls.rows.map(({ IdempotencyKey }) => IdempotencyKey)).size).toBe(5);
  });

  it("whole tells it in its error", async () => {
    const connection = await stripe.open({ cachePath, timeout: 5 });
    stripe.sandbox.faults.add({ ...loseThird, after: 0 });
    const error = await errorOf(connection.query(insertOf("whole")));
    expect(error.hint).toMatch(/Write w-\w+ is unfinished: 0 written, 1 in doubt, 4 not sent; RESUME WRITE 'w-\w+'/);
  });

  it.each([loseThird, cutThird])("is resumed under the same keys: each object once (%#)", async (fault) => {
    const name = `resumed ${fault.effect.kind}`;
    const { connection, id } = await cutWrite(insertOf(name), fault);
    const { rows, command, outcomes } = await connection.query(`RESUME WRITE '${id}'`);
    expect(command).toBe("RESUME");
    expect(states(rows)).toEqual(allWritten);
    expect(outcomes.map(({ state }) => state)).toEqual(["written", "written", "written"]);
    expect(await phonesOf(name)).toEqual(five);
    const sent = stripe.sandbox.requests.entries.filter(({ method }) => method === "POST");
    expect(sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      rows.slice(2).map(({ IdempotencyKey }) => IdempotencyKey),
    );
  });

  it("and is finished is not sent again", async () => {
    const { connection, id } = await cutWrite(insertOf("once"), loseThird);
    await connection.query(`RESUME WRITE '${id}'`);
    stripe.sandbox.requests.clear();
    const { notices, rows } = await connection.query(`RESUME WRITE '${id}'`);
    expect(notices).toEqual([`write ${id} is finished: nothing is left to be done`]);
    expect(rows).toHaveLength(5);
    expect(stripe.sandbox.requests.entries).toEqual([]);
  });

  it("is unknown to another key and another account, who are told so", async () => {
    const connection = await stripe.open({ cachePath, timeout: 5 });
    stripe.sandbox.faults.add(loseThird);
    const { write } = await connection.query(insertOf("theirs"));
    const other = await stripe.open({ cachePath, accountId: "acct_other" });
    expect((await other.query("SHOW WRITES")).rows).toEqual([]);
    const error = await errorOf(other.query(`RESUME WRITE '${write?.id}'`));
    expect(error).toMatchObject({
      sqlState: "42704",
      detail: "One of that name is another key's, or another AccountId's.",
    });
  });

  it("is not resumed on a connection that only reads, or where a person declines", async () => {
    const connection = await stripe.open({ cachePath, timeout: 5 });
    stripe.sandbox.faults.add(loseThird);
    const { write } = await connection.query(insertOf("declined"));
    stripe.sandbox.requests.clear();
    const reading = await stripe.open({ cachePath, readOnly: true });
    expect(await errorOf(reading.query(`RESUME WRITE '${write?.id}'`))).toMatchObject({ sqlState: "25006" });
    const asked: unknown[] = [];
    const { outcomes } = await connection.query(`RESUME WRITE '${write?.id}'`, undefined, {
      confirmWrite: async (pending) => {
        asked.push(pending);
        return false;
      },
    });
    expect(asked).toEqual([{ command: `RESUME ${write?.id}`, objects: 3, live: false, mustBeConfirmed: false }]);
    expect(outcomes.map(({ state }) => state)).toEqual(["not tried", "not tried", "not tried"]);
    expect(stripe.sandbox.requests.entries).toEqual([]);
  });

  it("can be forgotten", async () => {
    const { connection, id } = await cutWrite(insertOf("forgotten"), loseThird);
    expect((await connection.query(`FORGET WRITE '${id}'`)).command).toBe("FORGET");
    expect((await connection.query("SELECT Id FROM sys_writes WHERE Id = ?", [id])).rows).toEqual([]);
    expect(await errorOf(connection.query(`RESUME WRITE '${id}'`))).toMatchObject({ sqlState: "42704" });
    expect(await errorOf(connection.query(`FORGET WRITE '${id}'`))).toMatchObject({ sqlState: "42704" });
  });

  it("is explained without being done", async () => {
    const { connection, id } = await cutWrite(insertOf("explained"), loseThird);
    const { rows } = await connection.query(`EXPLAIN RESUME WRITE '${id}'`);
    expect(rows[0]?.["QUERY PLAN"]).toMatch(/^RESUME: 3 calls to be settled/);
    expect(stripe.sandbox.requests.entries).toEqual([]);
  });
});

describe("once Stripe has forgotten the keys", () => {
  it("an object that was made is found by its event, and not made again", async () => {
    const { connection, id } = await cutWrite(insertOf("found"), loseThird);
    later(25 * hour);
    const { rows } = await connection.query(`RESUME WRITE '${id}'`);
    expect(states(rows)).toEqual(allWritten);
    expect(rows[2]).toMatchObject({
      Message: "told by its events: customer.created",
      Id: expect.stringMatching(/^cus_/),
    });
    expect(await phonesOf("found")).toEqual(five);
  });

  it("one that was not is made", async () => {
    const { connection, id } = await cutWrite(insertOf("made"), cutThird);
    later(25 * hour);
    expect(states((await connection.query(`RESUME WRITE '${id}'`)).rows)).toEqual(allWritten);
    expect(await phonesOf("made")).toEqual(five);
  });

  it("and the events too, what is in doubt is left to people, with what is known", async () => {
    const { connection, id } = await cutWrite(insertOf("lost"), loseThird);
    later(40 * 24 * hour);
    const { rows, error, notices } = await connection.query(`RESUME WRITE '${id}'`);
    expect(states(rows)).toEqual(["written", "written", "in doubt", "written", "written"]);
    expect(rows[2]?.["Message"]).toMatch(
      /^it may have been carried out at 2026-11-01T00:00:00.000Z or soon after: Stripe may have forgotten its key, and no event has its key/,
    );
    expect(error?.stripe).toMatchObject({ inDoubt: true, idempotencyKey: rows[2]?.["IdempotencyKey"] });
    expect(notices.join()).toContain("4 written, 1 in doubt");
    expect(await phonesOf("lost")).toEqual(five);
  });

  it("an update is done where the object is as it was to be, or an event tells of it, and sent where neither is so", async () => {
    const made = await stripe.query(`${insertOf("updated", 3)} RETURNING Id`);
    const ids = made.rows.map(({ Id }) => String(Id));
    const sql = `UPDATE Customer SET Description = 'new' WHERE Name = 'updated' AND Phone SIMILAR TO '.*'`;
    const fault: Fault = {
      method: "POST",
      times: 9,
      path: new RegExp(`/v1/customers/(${ids.slice(0, 2).join("|")})`),
      effect: { kind: "lose-reply" },
    };
    const { connection, id } = await cutWrite(sql, fault, { parallelRequests: 3 });
    // What was written is changed by somebody since: that is not to be undone.
    await stripe.raw("POST", `/v1/customers/${ids[0]}`, { body: "description=theirs" });
    later(25 * hour);
    stripe.sandbox.requests.clear();
    expect(states((await connection.query(`RESUME WRITE '${id}'`)).rows)).toEqual(["written", "written", "written"]);
    const { rows } = await stripe.query("SELECT Description FROM Customer WHERE Name = 'updated' ORDER BY Phone");
    expect(rows.map(({ Description }) => Description)).toEqual(["theirs", "new", "new"]);
  });

  it.each([
    ["lose-reply", "told by its events: invoice.paid"],
    ["disconnect", undefined],
  ] as const)("an action whose event would tell is done once: %s", async (kind, message) => {
    const [customer] = (await stripe.query("SELECT Id FROM Customer LIMIT 1")).rows;
    const drafts = Array.from({ length: 3 }, () => `('${customer?.["Id"]}', '${kind}')`).join(", ");
    await stripe.query(`INSERT INTO Invoice (Customer, Description) VALUES ${drafts}`);
    const { connection, id } = await cutWrite(
      `EXEC FinalizeInvoice InvoiceId = Id FROM Invoice WHERE Description = '${kind}' AND Status = 'draft'`,
      { method: "POST", path: /finalize/, after: 1, times: 3, effect: { kind } },
    );
    later(25 * hour);
    const { rows } = await connection.query(`RESUME WRITE '${id}'`);
    expect(rows.map(({ State, Message }) => [State, Message ?? undefined])).toContainEqual(["written", message]);
    expect(new Set(states(rows))).toEqual(new Set(["written"]));
    const told = `SELECT count(*) AS n FROM Event WHERE Type = 'invoice.paid' AND _json->'data'->'object'->>'description' = '${kind}'`;
    expect((await stripe.query(told)).rows).toEqual([{ n: 3 }]);
  });

  it("an action that no event tells of each time is left to people", async () => {
    const { connection, id } = await cutWrite("EXEC SendInvoice InvoiceId = Id FROM Invoice LIMIT 2", {
      method: "POST",
      path: /send/,
      times: 9,
      effect: { kind: "disconnect" },
    });
    later(25 * hour);
    expect(states((await connection.query(`RESUME WRITE '${id}'`)).rows)).toContain("in doubt");
  });

  it("a deletion is done where its object is gone", async () => {
    await stripe.query(insertOf("gone", 3));
    const sql = "DELETE FROM Customer WHERE Name = 'gone'";
    const { connection, id } = await cutWrite(sql, { method: "DELETE", times: 9, effect: { kind: "lose-reply" } });
    later(25 * hour);
    expect(new Set(states((await connection.query(`RESUME WRITE '${id}'`)).rows))).toEqual(new Set(["written"]));
    expect(await phonesOf("gone")).toEqual([]);
  });
});

describe("what is secret", () => {
  const cards = `INSERT INTO PaymentMethod (Type, Card) VALUES ('card', '{"number":"4242424242424242","exp_month":12,"exp_year":2034,"cvc":"123"}'), ('card', '{"number":"4000056655665556","exp_month":12,"exp_year":2034,"cvc":"987"}')`;

  it("is not in the journal, and what lacks it is not sent", async () => {
    const fault: Fault = { method: "POST", path: "/v1/payment_methods", times: 3, effect: { kind: "disconnect" } };
    const { connection, id } = await cutWrite(cards, fault);
    const kept = await connection.query(
      "SELECT * FROM sys_writes, sys_writecalls WHERE sys_writes.Id = ? AND WriteId = sys_writes.Id",
      [id],
    );
    expect(kept.rows).toHaveLength(2);
    // Keys have digits of their own, in any order.
    expect(JSON.stringify(kept.rows)).not.toMatch(/4242424242424242|4000056655665556|cvc\W*\d/);
    const { rows } = await connection.query(`RESUME WRITE '${id}'`);
    expect(states(rows)).toEqual(["in doubt", "failed"]);
    expect(rows[1]).toMatchObject({
      Resumable: false,
      Message: "it was not sent, and cannot be sent: its secrets are not kept; write it anew",
    });
    expect(rows[0]?.["Message"]).toContain("its secrets are not kept");
  });
});

describe("no journal is kept", () => {
  it("of a single call, nor with Journal=false", async () => {
    const connection = await stripe.open({ cachePath, journal: false });
    const { write } = await connection.query(insertOf("unkept", 3));
    expect(write).toMatchObject({
      id: undefined,
      calls: [{ state: "written" }, { state: "written" }, { state: "written" }],
    });
    const keeping = await stripe.open({ cachePath });
    expect((await keeping.query(insertOf("single", 1))).write?.id).toBeUndefined();
    expect((await keeping.query("SELECT Id FROM sys_writes WHERE Statement ~ 'unkept|single'")).rows).toEqual([]);
  });

  it("where its folder cannot be written: then nothing is sent", async () => {
    const connection = await stripe.open({ cachePath: "/dev/null/nowhere" });
    await connection.query("SELECT 1");
    stripe.sandbox.requests.clear();
    expect(await errorOf(connection.query(insertOf("refused")))).toMatchObject({
      message: "the journal of writes could not be written",
      detail: expect.stringMatching(/^Nothing was sent to Stripe. /),
      hint: expect.stringContaining("Journal=false"),
    });
    expect(stripe.sandbox.requests.entries).toEqual([]);
  });
});
