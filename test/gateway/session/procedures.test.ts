import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

describe("a procedure of Stripe's, to a client of PostgreSQL's", () => {
  it("is called by CALL, with arguments by name and place", async () => {
    const client = await gateway.connect();
    const [invoice] = (
      await client.query(
        "INSERT INTO invoices (customer) SELECT id FROM customers ORDER BY created DESC LIMIT 1 RETURNING id, status",
      )
    ).rows;
    expect(invoice.status).toBe("draft");
    const finalized = await client.query(`CALL finalize_invoice(invoice_id => '${invoice.id}', auto_advance => 1 = 2)`);
    expect(finalized.command).toBe("CALL");
    expect(finalized.rows).toMatchObject([{ id: invoice.id, object: "invoice" }]);
    expect(gateway.sandbox.requests.entries.at(-1)).toMatchObject({
      path: `/v1/invoices/${invoice.id}/finalize`,
      body: "auto_advance=false",
    });
  });

  it("is a function in FROM, whose columns can be picked", async () => {
    const client = await gateway.connect();
    const [{ id }] = (
      await client.query(
        "INSERT INTO invoices (customer) SELECT id FROM customers ORDER BY created DESC LIMIT 1 RETURNING id",
      )
    ).rows;
    const { rows, fields } = await client.query("SELECT status, id FROM finalize_invoice($1)", [id]);
    expect(fields.map(({ name }) => name)).toEqual(["status", "id"]);
    expect(rows).toEqual([{ status: expect.stringMatching(/open|paid/), id }]);
  });

  it("writes nothing in a transaction that only reads", async () => {
    const client = await gateway.connect();
    for (const sql of ["CALL finalize_invoice('in_1')", "SELECT id FROM finalize_invoice('in_1')"]) {
      await client.query("BEGIN READ ONLY");
      await expect(client.query(sql)).rejects.toMatchObject({ code: "25006" });
      await client.query("ROLLBACK");
    }
    expect(gateway.sandbox.requests.entries).toEqual([]);
  });

  it("is no part of a query, and says which there are", async () => {
    expect(await gateway.failure("SELECT count(*) FROM finalize_invoice('in_1')")).toMatchObject({ code: "0A000" });
    expect(await gateway.failure("CALL finalise_invoice('in_1')")).toMatchObject({ code: "42883" });
    expect(await gateway.failure("SELECT * FROM finalize_invoice('in_1', nope => 1)")).toMatchObject({ code: "42883" });
    expect(gateway.sandbox.requests.entries).toEqual([]);
  });
});
