import { expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

const notice = "Stripe has no transactions: this write took effect at once and ROLLBACK will not undo it";

test("a write between BEGIN and COMMIT takes effect at once and says so", async () => {
  const connection = await running.open();
  expect((await connection.query("BEGIN")).notices).toEqual([]);
  const written = await connection.query("INSERT INTO Customer (Name) VALUES ('Ada') RETURNING Id");
  expect(written.notices).toEqual([notice]);
  const { id, name } = (await running.stripe.customers.retrieve(String(written.rows[0]?.["Id"]))) as {
    id: string;
    name: string;
  };
  expect({ id, name }).toEqual({ id: written.rows[0]?.["Id"], name: "Ada" });
  expect((await connection.query("COMMIT")).notices).toEqual([]);
  expect((await connection.query("UPDATE Customer SET Name = 'B' WHERE Id = ?", [id])).notices).toEqual([]);
});

test("ROLLBACK names what was written since BEGIN", async () => {
  const connection = await running.open();
  await connection.query("BEGIN");
  const { rows } = await connection.query("INSERT INTO Customer (Name) VALUES ('Ada'), ('Bo') RETURNING Id");
  const [first, second] = rows.map((row) => row["Id"]);
  await connection.query("DELETE FROM Customer WHERE Id = ?", [String(second)]);
  expect((await connection.query("ROLLBACK")).notices).toEqual([
    `Stripe cannot roll back; already written: INSERT Customer: ${first}, ${second}; DELETE Customer: ${second}`,
  ]);
  expect((await connection.query("ROLLBACK")).notices).toEqual(["there is no transaction in progress"]);
});

test("BEGIN within BEGIN, and COMMIT without it, are noticed as PostgreSQL does", async () => {
  const connection = await running.open();
  expect((await connection.query("COMMIT")).notices).toEqual(["there is no transaction in progress"]);
  await connection.query("BEGIN TRANSACTION");
  expect((await connection.query("BEGIN")).notices).toEqual(["there is already a transaction in progress"]);
});
