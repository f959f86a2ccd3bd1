import { beforeAll, describe, expect, it } from "vitest";
import type { PostgresTurn } from "../../../src/execute/postgres/postgres-turn.js";
import { readCell } from "../../../src/value/cell.js";
import type { Json } from "../../../src/value/json.js";
import { isJsonObject, jsonAt } from "../../../src/value/json.js";
import { connectSandbox } from "../../support/sandbox-connection.js";
import { openEngine } from "./open-engine.js";

const sandbox = connectSandbox();
const opened = openEngine();
const names = ["customers", "invoices", "subscriptions", "charges"];
const objects = new Map<string, readonly Json[]>();

beforeAll(async () => {
  for (const name of names) {
    const { rows } = await sandbox.query(`SELECT _json FROM ${name}`);
    objects.set(
      name,
      rows.map((row) => row["_json"] as Json),
    );
  }
});

/** All of a table's rows, as a scan would give them. */
async function fill(turn: PostgresTurn, name: string): Promise<void> {
  const table = opened.table(name);
  const columns = table.columns.filter(({ hidden, parentKey }) => !hidden && !parentKey);
  const rows = (objects.get(name) ?? []).filter((object) => isJsonObject(object));
  await turn.fill(
    table,
    columns,
    columns.map(({ type, path }) => rows.map((row) => readCell(type, jsonAt(row, path)))),
  );
}

describe("over the sandbox's rows, PostgreSQL and the driver agree on", () => {
  it.each([
    "SELECT count(*) AS n, count(email) AS m, min(id) AS a, max(id) AS b FROM customers",
    "SELECT id, email, balance FROM customers ORDER BY id LIMIT 20",
    "SELECT currency, count(*) AS n, sum(amount)::bigint AS s FROM charges GROUP BY currency ORDER BY currency",
    "SELECT c.id, count(i.id) AS n FROM customers c LEFT JOIN invoices i ON i.customer = c.id GROUP BY c.id ORDER BY n DESC, c.id LIMIT 10",
    "SELECT extract(epoch FROM max(created))::bigint AS t FROM invoices",
    "SELECT status, count(*) AS n FROM subscriptions GROUP BY status HAVING count(*) > 1 ORDER BY status",
    "SELECT id, row_number() OVER (PARTITION BY customer ORDER BY created, id) AS r FROM invoices ORDER BY id LIMIT 15",
    "SELECT id FROM charges WHERE amount > (SELECT avg(amount) FROM charges) ORDER BY id LIMIT 10",
    "SELECT upper(substr(name, 1, 3)) AS u, length(name) AS l FROM customers WHERE name LIKE 'A%' ORDER BY name, id LIMIT 10",
    "SELECT id FROM customers WHERE delinquent OR email IS NULL ORDER BY id LIMIT 10",
    "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM subscriptions s WHERE s.customer = c.id AND s.status = 'active') ORDER BY id LIMIT 10",
    "SELECT coalesce(description, '-') AS d, count(*) AS n FROM charges GROUP BY 1 ORDER BY n DESC, d LIMIT 5",
    "SELECT DISTINCT currency FROM customers UNION SELECT currency FROM charges ORDER BY 1 NULLS FIRST",
  ])("%s", async (sql) => {
    const { rows, columns } = await sandbox.query(sql);
    const answer = await opened.ask(sql, {
      fill: async (turn) => {
        for (const name of names) await fill(turn, name);
      },
    });
    expect(answer.error).toBeUndefined();
    expect(answer.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    const text = (value: unknown) => (value === null ? null : String(value));
    expect(answer.rows.map((row) => row.map(asUtf8))).toEqual(
      rows.map((row) => columns.map(({ name }) => text(row[name]))),
    );
    expect(answer.rows.length).toBeGreaterThan(0);
  });
});

function asUtf8(value: string | null): string | null {
  return value === null ? null : Buffer.from(value, "latin1").toString("utf8");
}
