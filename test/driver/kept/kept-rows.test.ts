import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { Connection } from "../../../src/driver/api.js";
import { testFolder } from "../../support/folder.js";
import { connectSandbox, requestLines } from "../../support/sandbox-connection.js";
import { errorOf } from "../../support/scripted-client.js";

const sandbox = connectSandbox({ customers: 250 });
const { open } = sandbox;

/** A connection with a cache folder of its own, or another's. */
const keeping = (folder: string, options = {}) =>
  open({ cachePath: folder, cacheTtl: "10 minutes", testClocks: false, ...options });

async function openFresh(options = {}): Promise<{ readonly folder: string; readonly connection: Connection }> {
  const folder = testFolder().path;
  return { folder, connection: await keeping(folder, options) };
}

const keptNotice = (notices: readonly string[]) => notices.filter((notice) => notice.startsWith("rows that were kept"));

/** All that the files of kept rows hold. */
const bytesOf = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.startsWith("kept.sqlite"))
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");

/** Objects as they are kept, unpacked. */
function keptObjects(folder: string): string {
  const database = new Database(join(folder, "kept.sqlite"), { readonly: true });
  const pages = database.prepare<[], { readonly objects: Buffer }>("SELECT objects FROM kept_page").all();
  database.close();
  return pages.map(({ objects }) => inflateRawSync(objects).toString()).join("");
}

test("the same join twenty times takes the requests of one, and each answer tells that it was kept", async () => {
  const { connection } = await openFresh();
  const sql = "SELECT p.Name, r.UnitAmount FROM Product p JOIN Price r ON r.Product = p.Id ORDER BY ALL";
  const first = await connection.query(sql);
  let requests = first.requests;
  for (let run = 1; run < 20; run += 1) {
    const again = await connection.query(sql);
    requests += again.requests;
    expect(again.rows).toEqual(first.rows);
    expect(keptNotice(again.notices)).toHaveLength(1);
  }
  expect(keptNotice(first.notices)).toEqual([]);
  expect(requests).toBe(first.requests);
  expect(requests).toBeLessThanOrEqual(3);
});

test("nothing is kept where CacheTtl is not given", async () => {
  const folder = testFolder().path;
  const connection = await open({ cachePath: folder, testClocks: false });
  await connection.query("SELECT Id FROM Customer");
  expect((await connection.query("SELECT Id FROM Customer")).requests).toBe(3);
  expect(readdirSync(folder).filter((name) => name.startsWith("kept"))).toEqual([]);
});

test("a narrower statement is answered from the rows of a wider one, as it would be without", async () => {
  const { connection } = await openFresh();
  const plain = await open({ testClocks: false });
  const { rows } = await connection.query("SELECT Id, Email, Created FROM Customer ORDER BY Created DESC, Id");
  const [, , third] = rows;
  const { Id: id, Email: email } = third ?? {};
  for (const [sql, parameters] of [
    ["SELECT Id, Name FROM Customer WHERE Email = ?", [String(email)]],
    ["SELECT * FROM Customer WHERE Id = ?", [String(id)]],
    ["SELECT Id FROM Customer WHERE Created >= '2026-03-01' AND Created < '2026-08-01'", []],
    ["SELECT Id FROM Customer ORDER BY Created DESC LIMIT 7", []],
    ["SELECT count(*) FROM Customer WHERE Name LIKE '%a%'", []],
    ["SELECT Id FROM Customer ORDER BY Created LIMIT 3", []],
  ] as const) {
    const found = await connection.query(sql, parameters);
    expect([sql, found.rows]).toEqual([sql, (await plain.query(sql, parameters)).rows]);
    expect([sql, found.requests, keptNotice(found.notices).length]).toEqual([sql, 0, 1]);
  }
});

test("a wider statement than what is kept asks Stripe", async () => {
  const { connection } = await openFresh();
  await connection.query("SELECT Id FROM Invoice WHERE Status = 'open'");
  const wider = await connection.query("SELECT Id FROM Invoice");
  expect(wider.requests).toBeGreaterThan(1);
  expect((await connection.query("SELECT Id FROM Invoice WHERE Status = 'paid'")).requests).toBe(0);
});

test("a list that ended at its LIMIT is not kept", async () => {
  const { connection } = await openFresh();
  await connection.query("SELECT Id FROM Customer LIMIT 3");
  expect((await connection.query("SELECT Id FROM Customer LIMIT 3")).requests).toBe(1);
});

test("a list that its reader gave up, or that failed on a later page, is not kept", async () => {
  const { connection } = await openFresh();
  for await (const _ of connection.stream("SELECT Id FROM Customer")) break;
  sandbox.sandbox.faults.add({
    method: "GET",
    path: "/v1/customers",
    after: 1,
    times: 1,
    effect: { kind: "status", status: 400 },
  });
  await errorOf(connection.query("SELECT Id FROM Customer"));
  const whole = await connection.query("SELECT Id FROM Customer");
  expect([whole.requests, whole.rowCount]).toEqual([3, 250]);
});

test("rows that were created since are asked for", async () => {
  const { connection } = await openFresh();
  await connection.query("SELECT Id FROM Customer");
  const future = new Date(Date.now() + 60_000);
  expect((await connection.query("SELECT Id FROM Customer WHERE Created >= ?", [future])).requests).toBe(1);
});

test("rows that are older than CacheTtl are read anew", async () => {
  const { folder, connection } = await openFresh();
  await connection.query("SELECT Id FROM Product");
  const hasty = await keeping(folder, { cacheTtl: 0.001 });
  expect((await hasty.query("SELECT Id FROM Product")).requests).toBe(1);
});

test("a change drops what was kept: of its own table, of others, and of another program's", async () => {
  const { folder, connection } = await openFresh();
  const other = await keeping(folder);
  const careless = await open({ cachePath: folder, testClocks: false });
  const sql = "SELECT Id, Name FROM Product WHERE Active";
  for (const changing of [connection, other, careless]) {
    await connection.query(sql);
    expect((await other.query(sql)).requests).toBe(0);
    await changing.query("INSERT INTO Product (Name) VALUES ('Changed')");
    const after = await other.query(sql);
    expect(after.requests).toBe(1);
    expect(after.rows).toEqual((await sandbox.query(sql)).rows);
    await careless.query("UPDATE Customer SET Description = 'x' WHERE Id = (SELECT min(Id) FROM Customer)");
    expect((await connection.query(sql)).requests).toBe(1);
  }
});

test("nothing is kept of what was read while a change was under way", async () => {
  const { connection } = await openFresh();
  let changing: Promise<unknown> | undefined;
  const rewrite = (answer: unknown) => {
    changing = connection.query("INSERT INTO Product (Name) VALUES ('Meanwhile')");
    return answer;
  };
  sandbox.sandbox.faults.add({ method: "GET", path: "/v1/products", times: 1, effect: { kind: "rewrite", rewrite } });
  const { notices } = await connection.query("SELECT Id FROM Product");
  await changing;
  expect(notices).toEqual(["rows of Product are not kept: something was changed or forgotten while they were read"]);
  expect((await connection.query("SELECT Id FROM Product")).requests).toBe(1);
});

test("after a change of which no answer came nothing is kept for a while", async () => {
  const { connection } = await openFresh();
  await connection.query("SELECT Id FROM Product");
  sandbox.sandbox.faults.add({ method: "POST", path: "/v1/products", times: 9, effect: { kind: "lose-reply" } });
  const error = await errorOf(connection.query("INSERT INTO Product (Name) VALUES ('Doubtful')"));
  expect(error.stripe.inDoubt).toBe(true);
  sandbox.sandbox.faults.clear();
  for (let run = 0; run < 2; run += 1) {
    const { requests, notices } = await connection.query("SELECT Id FROM Product");
    expect([requests, notices]).toEqual([
      1,
      ["rows of Product are not kept: a change is under way, or got no answer within the last ten minutes"],
    ]);
  }
});

test("what a change is decided by is read from Stripe", async () => {
  const { connection } = await openFresh();
  await connection.query("SELECT * FROM Customer");
  await sandbox.query("UPDATE Customer SET Description = 'gone' WHERE Description = 'to go'");
  sandbox.sandbox.requests.clear();
  await connection.query("UPDATE Customer SET Description = 'x' WHERE Description = 'nobody has it'");
  expect(requestLines(sandbox.sandbox).filter((line) => line.startsWith("GET /v1/customers"))).toHaveLength(3);
});

test("client secrets are never kept: a statement that names one asks Stripe", async () => {
  const { folder, connection } = await openFresh();
  await connection.query("SELECT * FROM PaymentIntent");
  expect((await connection.query("SELECT Id, Status FROM PaymentIntent")).requests).toBe(0);
  const named = await connection.query("SELECT Id, ClientSecret FROM PaymentIntent WHERE Customer IS NOT NULL LIMIT 1");
  expect(named.requests).toBe(1);
  expect(named.rows[0]?.["ClientSecret"]).toMatch(/^pi_/);
  expect(keptObjects(folder)).not.toContain("_secret_");
  expect(keptObjects(folder)).toContain('"object":"payment_intent"');
});

test("files of kept rows are their owner's alone, and FORGET leaves nothing of them", async () => {
  const { folder, connection } = await openFresh();
  const { rows } = await connection.query("SELECT Id FROM Customer");
  const id = String(rows[0]?.["Id"]);
  expect(bytesOf(folder)).toContain(id);
  for (const name of readdirSync(folder).filter((file) => file.startsWith("kept")))
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  const forgotten = await connection.query("FORGET");
  expect(forgotten.rows).toEqual([{ Lists: 1, Rows: 250 }]);
  expect(bytesOf(folder)).not.toContain(id);
  expect((await connection.query("SELECT Id FROM Customer")).requests).toBe(3);
});

test("FORGET is of the connection's account, FORGET ALL of all, also where nothing is kept by the connection", async () => {
  const { folder, connection } = await openFresh();
  await connection.query("SELECT Id FROM Product");
  const other = await keeping(folder, { apiVersion: "2025-01-27.acacia" });
  expect((await other.query("FORGET")).rows).toEqual([{ Lists: 0, Rows: 0 }]);
  expect((await connection.query("SELECT Id FROM Product")).requests).toBe(0);
  const plain = await open({ cachePath: folder });
  const [forgotten] = (await plain.query("FORGET ALL")).rows;
  expect(forgotten?.["Lists"]).toBe(1);
  expect((await connection.query("SELECT Id FROM Product")).requests).toBe(1);
});

test("FORGET does not pass for done where the file of kept rows cannot be opened", async () => {
  const folder = testFolder().path;
  writeFileSync(join(folder, "kept.sqlite"), "not SQLite's ".repeat(1000));
  for (const options of [{}, { cacheTtl: 0 }]) {
    const connection = await keeping(folder, options);
    for (const sql of ["FORGET", "FORGET ALL"])
      expect(await errorOf(connection.query(sql))).toMatchObject({
        sqlState: "58030",
        message: "what was kept could not be removed from the disk",
        detail: `${join(folder, "kept.sqlite")} cannot be opened.`,
      });
  }
});

test("rows of one key, account or version are none of another's", async () => {
  const { folder, connection } = await openFresh();
  await connection.query("SELECT Id FROM Product");
  for (const options of [{ apiVersion: "2025-01-27.acacia" }, { accountId: "acct_other" }]) {
    const other = await keeping(folder, options);
    sandbox.sandbox.requests.clear();
    await other.query("SELECT Id FROM Product").catch(() => undefined);
    expect(requestLines(sandbox.sandbox).length).toBeGreaterThan(0);
  }
});

test("EXPLAIN tells what is kept and how old it is, and MaxRequests does not refuse what is kept", async () => {
  const { folder, connection } = await openFresh();
  const [analyzed] = (await connection.query("EXPLAIN (ANALYZE, FORMAT JSON) SELECT Id FROM Customer")).rows;
  // What it has kept itself it could not take.
  expect(analyzed?.["QUERY PLAN"]).not.toHaveProperty("kept", "all");
  const lines = (await connection.query("EXPLAIN SELECT Id FROM Customer")).rows.map((row) =>
    String(row["QUERY PLAN"]),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ {6}Kept: 250 rows, read \d+ seconds? ago; no request$/));
  expect(lines).toContainEqual(expect.stringMatching(/^Requests: 0 with what is kept; about \d+ without it/));
  const [json] = (await connection.query("EXPLAIN (FORMAT JSON) SELECT Id FROM Customer")).rows;
  expect(json?.["QUERY PLAN"]).toMatchObject({ kept: "all", scans: [{ accesses: [{ kept: { rows: 250 } }] }] });
  const frugal = await keeping(folder, { maxRequests: 1 });
  expect((await frugal.query("SELECT Id FROM Customer")).rowCount).toBe(250);
});

test("of a list that is more than CacheSize nothing is kept, which is told", async () => {
  const { connection } = await openFresh({ cacheSize: "1KB" });
  const { notices } = await connection.query("SELECT * FROM Customer");
  expect(notices).toContain("rows of Customer are not kept: they are more than CacheSize, or cannot be written");
  expect((await connection.query("SELECT * FROM Customer")).requests).toBe(3);
});

test("a key that is asked for twice is asked for once", async () => {
  const { connection } = await openFresh();
  const { rows } = await sandbox.query("SELECT Id FROM Customer LIMIT 1");
  const sql = `SELECT Name FROM Customer WHERE Id = '${rows[0]?.["Id"]}'`;
  expect((await connection.query(sql)).requests).toBe(1);
  expect((await connection.query(sql)).requests).toBe(0);
});
