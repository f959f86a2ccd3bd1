import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../support/folder.js";
import { serveGateway } from "../../support/served-gateway.js";

const auditLog = join(testFolder().path, "audit.jsonl");
const gateway = serveGateway({}, {}, { auditLog });

const insert = "INSERT INTO customers (name) VALUES ('kept a'), ('kept b'), ('kept c')";

/** The second call's answer is lost, and the third is not sent. */
async function cutWrite(): Promise<string> {
  gateway.sandbox.faults.add({
    ...{ method: "POST", path: "/v1/customers", after: 1, times: 3, effect: { kind: "lose-reply" } },
  });
  const client = await gateway.connect();
  await client.query(insert).catch(() => undefined);
  gateway.sandbox.faults.clear();
  const { rows } = await client.query("SELECT id, state FROM writes()");
  expect(rows[0]).toMatchObject({ state: "unfinished" });
  return rows[0].id;
}

describe("writes that were cut off, to a client of PostgreSQL's", () => {
  it("are listed, shown and resumed by functions", async () => {
    const id = await cutWrite();
    const client = await gateway.connect();
    const calls = await client.query("SELECT number, state FROM write_calls($1)", [id]);
    expect(calls.rows.map(({ state }) => state)).toEqual(["written", "in doubt", "planned"]);
    const resumed = await client.query(`CALL resume_write('${id}')`);
    expect(resumed.rows.map(({ write_id, state }) => [write_id, state])).toEqual(
      Array.from({ length: 3 }, () => [id, "written"]),
    );
    expect((await client.query("SELECT name FROM customers WHERE name LIKE 'kept _' ORDER BY name")).rows).toEqual(
      ["kept a", "kept b", "kept c"].map((name) => ({ name })),
    );
    expect((await client.query("CALL forget_write($1)", [id])).rows).toEqual([]);
    expect((await client.query("SELECT * FROM stripe.writes()")).rows).toEqual([]);
  });

  it("are not resumed where nothing may be written, nor by a name that there is not", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN READ ONLY");
    await expect(client.query("CALL resume_write('w-none')")).rejects.toMatchObject({ code: "25006" });
    await client.query("ROLLBACK");
    expect(await gateway.failure("CALL resume_write('w-none')")).toMatchObject({ code: "42704" });
    expect(await gateway.failure("CALL resume_write(NULL)")).toMatchObject({ code: "22023" });
    expect(await gateway.failure("CALL resume_write()")).toMatchObject({ code: "22023" });
    expect(await gateway.failure("SELECT count(*) FROM writes()")).toMatchObject({ code: "0A000" });
    expect(gateway.sandbox.requests.entries).toEqual([]);
  });
});

it("what a client writes is logged by its user's name", async () => {
  const client = await gateway.connect({ user: "ada" });
  await client.query("INSERT INTO customers (name) VALUES ('logged')");
  const lines = readFileSync(auditLog, "utf8").trim().split("\n");
  expect(lines.slice(-2).map((line) => JSON.parse(line))).toMatchObject([
    { user: "ada", event: "statement", statement: "INSERT INTO customers (name) VALUES (***)" },
    { user: "ada", event: "call", path: "/v1/customers", parameters: ["name"], state: "written" },
  ]);
});
