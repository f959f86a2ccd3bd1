import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 10 });

/** A new customer's id. */
async function customer(email: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { id } = await running.stripe.customers.create({ name: "Ada", email, ...more });
  running.sandbox.requests.clear();
  return id;
}

describe("INSERT", () => {
  test("creates a customer with its address and metadata in one request, and returns what Stripe made", async () => {
    const { rows, command, rowCount, requests, outcomes, error } = await running.query(
      `INSERT INTO Customer (Name, Email, AddressCity, AddressCountry, Metadata)
       VALUES ('Ada', 'ada@example.com', 'London', 'GB', '{"tier": "gold"}')
       RETURNING Id, Name, AddressCity, AddressCountry, Metadata->>'tier' AS tier, Created`,
    );
    const [row] = rows;
    expect(row).toEqual({
      Id: expect.stringMatching(/^cus_/),
      Name: "Ada",
      AddressCity: "London",
      AddressCountry: "GB",
      tier: "gold",
      Created: expect.any(Date),
    });
    expect({ command, rowCount, requests, error }).toEqual({
      command: "INSERT",
      rowCount: 1,
      requests: 1,
      error: undefined,
    });
    expect(outcomes).toEqual([{ state: "written", id: row?.["Id"] }]);
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers name=Ada&email=ada%40example.com&address[city]=London&address[country]=GB&metadata[tier]=gold",
    ]);
  });

  test("takes an address and metadata as structures, by parameter or as JSON", async () => {
    const { rows } = await running.query(
      `INSERT INTO Customer (Name, Address, Metadata) VALUES (?, ?, ?) RETURNING AddressCity, Metadata`,
      ["Bo", { city: "Oslo", country: "NO" }, { tier: "silver" }],
    );
    expect(rows).toEqual([{ AddressCity: "Oslo", Metadata: { tier: "silver" } }]);
  });

  test("creates the objects of several rows in their order", async () => {
    const { rows, outcomes } = await running.query(
      "INSERT INTO Customer (Name, Description) VALUES ('a', NULL), ('b', 'second'), ('c', NULL) RETURNING Id, Name, Description",
    );
    expect(rows).toMatchObject([
      { Name: "a", Description: null },
      { Name: "b", Description: "second" },
      { Name: "c", Description: null },
    ]);
    expect(outcomes).toEqual(rows.map((row) => ({ state: "written", id: row["Id"] })));
    // NULL leaves the parameter out.
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers name=a",
      "POST /v1/customers name=b&description=second",
      "POST /v1/customers name=c",
    ]);
  });

  test("creates an object for each row of a SELECT", async () => {
    await customer("select1@example.com", { name: "One" });
    await customer("select2@example.com", { name: "Two" });
    const { rows } = await running.query(
      `INSERT INTO Product (Name, Metadata)
       SELECT 'Plan of ' || Name, json_object('email', Email) FROM Customer
       WHERE Email IN ('select1@example.com', 'select2@example.com') ORDER BY Name
       RETURNING Name, Metadata->>'email' AS email`,
    );
    expect(rows).toEqual([
      { Name: "Plan of One", email: "select1@example.com" },
      { Name: "Plan of Two", email: "select2@example.com" },
    ]);
  });

  test("names Stripe's own spelling in Stripe's own way", async () => {
    const { rows } = await running.query(
      "INSERT INTO customers (name, address_city, tax_exempt) VALUES ('Ida', 'Bergen', 'exempt') RETURNING name, address_city, tax_exempt",
    );
    expect(rows).toEqual([{ name: "Ida", address_city: "Bergen", tax_exempt: "exempt" }]);
  });
});

describe("UPDATE", () => {
  test("of one Id is one request", async () => {
    const id = await customer("one@example.com");
    const { rows } = await running.query("UPDATE Customer SET Name = 'John' WHERE Id = ? RETURNING Id, Name, Email", [
      id,
    ]);
    expect(rows).toEqual([{ Id: id, Name: "John", Email: "one@example.com" }]);
    expect(requestLines(running.sandbox)).toEqual([`POST /v1/customers/${id} name=John`]);
  });

  test("by email reads the ids first", async () => {
    const id = await customer("mail@example.com");
    const { rowCount, outcomes } = await running.query(
      "UPDATE Customer SET Phone = '1' WHERE Email = 'mail@example.com'",
    );
    expect({ rowCount, outcomes }).toEqual({ rowCount: 1, outcomes: [{ state: "written", id }] });
    expect(requestLines(running.sandbox)).toEqual([
      "GET /v1/customers email=mail@example.com&limit=100",
      `POST /v1/customers/${id} phone=1`,
    ]);
  });

  test("takes any condition that SELECT takes", async () => {
    const id = await customer("any@example.com", { name: "Anyone" });
    const { outcomes } = await running.query(
      "UPDATE Customer AS c SET Description = 'found' WHERE lower(c.Name) LIKE 'any%' AND c.Id IN (SELECT Id FROM Customer WHERE Email IS NOT NULL)",
    );
    expect(outcomes).toEqual([{ state: "written", id }]);
  });

  test("computes each object's value from its row", async () => {
    const id = await customer("expr@example.com", { name: "Eve" });
    const { rows } = await running.query(
      "UPDATE Customer SET Name = upper(Name), Description = Name || ' of ' || Email WHERE Id = ? RETURNING Name, Description",
      [id],
    );
    expect(rows).toEqual([{ Name: "EVE", Description: "Eve of expr@example.com" }]);
  });

  test("SET … = NULL unsets the field", async () => {
    const id = await customer("null@example.com", { description: "old" });
    const { rows } = await running.query("UPDATE Customer SET Description = NULL WHERE Id = ? RETURNING Description", [
      id,
    ]);
    expect(rows).toEqual([{ Description: null }]);
    expect(requestLines(running.sandbox)).toEqual([`POST /v1/customers/${id} description=`]);
  });

  test("of an Id that is not there, or of no row, writes nothing", async () => {
    for (const where of ["Id = 'cus_missing'", "Email = 'nobody@example.com'", "FALSE"]) {
      const { rowCount, outcomes, error } = await running.query(`UPDATE Customer SET Name = 'x' WHERE ${where}`);
      expect({ rowCount, outcomes, error }).toEqual({ rowCount: 0, outcomes: [], error: undefined });
    }
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers/cus_missing name=x",
      "GET /v1/customers email=nobody@example.com&limit=100",
    ]);
  });
});

describe("DELETE", () => {
  test("of one Id is one request", async () => {
    const id = await customer("gone@example.com");
    const { rowCount, rows } = await running.query("DELETE FROM Customer WHERE Id = ? RETURNING Id, Deleted", [id]);
    expect({ rowCount, rows }).toEqual({ rowCount: 1, rows: [{ Id: id, Deleted: true }] });
    expect(requestLines(running.sandbox)).toEqual([`DELETE /v1/customers/${id}`]);
    expect((await running.query("SELECT Id FROM Customer WHERE Id = ?", [id])).rows).toEqual([]);
  });

  test("by email deletes each that matches", async () => {
    const first = await customer("twins@example.com");
    const second = await customer("twins@example.com");
    const { outcomes } = await running.query("DELETE FROM Customer WHERE Email = 'twins@example.com'");
    expect(new Set(outcomes.map((outcome) => outcome.state === "written" && outcome.id))).toEqual(
      new Set([first, second]),
    );
    expect((await running.query("SELECT Id FROM Customer WHERE Email = 'twins@example.com'")).rows).toEqual([]);
  });

  test("of a subscription cancels it", async () => {
    const [row] = (await running.query("SELECT Id FROM Subscription WHERE Status = 'active' LIMIT 1")).rows;
    running.sandbox.requests.clear();
    const { rows } = await running.query("DELETE FROM Subscription WHERE Id = ? RETURNING Id, Status", [
      String(row?.["Id"]),
    ]);
    expect(rows).toEqual([{ Id: row?.["Id"], Status: "canceled" }]);
    expect(requestLines(running.sandbox)).toEqual([`DELETE /v1/subscriptions/${row?.["Id"]}`]);
  });
});

describe("a query that only DuckDB can read", () => {
  test("chooses the objects of an UPDATE, and the rows of an INSERT", async () => {
    const id = await customer("similar@example.com", { name: "Similarly" });
    const updated = await running.query("UPDATE Customer SET Phone = '9' WHERE Name SIMILAR TO 'Simil.*'");
    expect(updated).toMatchObject({
      outcomes: [{ state: "written", id }],
      notices: [expect.stringContaining("SIMILAR TO")],
    });
    const inserted = await running.query(
      "INSERT INTO Product (Name) SELECT Name FROM Customer WHERE Name SIMILAR TO 'Simil.*' RETURNING Name",
    );
    expect(inserted).toMatchObject({ rows: [{ Name: "Similarly" }], notices: [expect.stringContaining("SIMILAR TO")] });
  });

  test("never makes a write to an Id pass its other conditions by", async () => {
    const id = await customer("guarded@example.com", { name: "Guarded" });
    const { outcomes } = await running.query("DELETE FROM Customer WHERE Id = ? AND Name SIMILAR TO 'Other.*'", [id]);
    expect(outcomes).toEqual([]);
    expect((await running.query("SELECT Name FROM Customer WHERE Id = ?", [id])).rows).toEqual([{ Name: "Guarded" }]);
  });
});

describe("a write on behalf of a Connect account", () => {
  test("goes to the account that AccountId names", async () => {
    const [connected] = (await running.query("SELECT Id FROM Account LIMIT 1")).rows;
    const account = String(connected?.["Id"]);
    running.sandbox.requests.clear();
    await running.query("INSERT INTO Customer (Name, AccountId) VALUES ('Conny', ?)", [account]);
    await running.query("UPDATE Customer SET Name = 'C' WHERE Name = 'Conny' AND AccountId = ?", [account]);
    await running.query("DELETE FROM Customer WHERE Id = 'cus_1' AND AccountId = ?", [account]);
    expect(running.sandbox.requests.entries.map((entry) => [entry.method, entry.account])).toEqual([
      ["POST", account],
      ["GET", account],
      // Which test clocks that account has.
      ["GET", account],
      ["POST", account],
      ["DELETE", account],
    ]);
  });
});

describe("RETURNING with a parameter of its own", () => {
  test("binds it beside those of the statement's other parts", async () => {
    const inserted = await running.query("INSERT INTO Customer (Name) VALUES (?) RETURNING Name, ? AS note", [
      "Rita",
      "new",
    ]);
    expect(inserted.rows).toEqual([{ Name: "Rita", note: "new" }]);
    const updated = await running.query("UPDATE Customer SET Name = ? WHERE Name = ? RETURNING Name, ? AS note", [
      "Rosa",
      "Rita",
      "renamed",
    ]);
    expect(updated.rows).toEqual([{ Name: "Rosa", note: "renamed" }]);
  });
});
