import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

const race =
  "Stripe has no unique keys: rows of Customer are matched by reading them first, and what another program inserts meanwhile is not seen";

async function customer(email: string): Promise<string> {
  const { id } = await running.stripe.customers.create({ name: "Ada", email });
  running.sandbox.requests.clear();
  return id;
}

const changes = () => requestLines(running.sandbox).filter((line) => !line.startsWith("GET"));

describe("what ON CONFLICT cannot mean", () => {
  const insert = "INSERT INTO Customer (Email) VALUES ('a@example.com') ON CONFLICT";
  const named = "INSERT INTO Customer (Email, Name) VALUES ('a@example.com', 'A') ON CONFLICT";
  test.each([
    [`${insert} DO NOTHING`, "0A000", "ON CONFLICT without columns"],
    [`${insert} DO UPDATE SET Name = 'x'`, "42601", "needs to be told which columns"],
    [`${insert} (Name) DO NOTHING`, "42703", 'no column "Name"'],
    [`${insert} (Email) DO UPDATE SET Name = EXCLUDED.Name`, "42703", 'no column "Name"'],
    [`${named} (Email) DO UPDATE SET Name = Name || 'x'`, "42702", "mbiguous"],
    [`${insert} (Email) DO UPDATE SET Created = now()`, "0A000", "cannot be updated"],
    [`${insert} (Email) DO NOTHING DO NOTHING`, "42601", "syntax error"],
    ["INSERT INTO Customer (Email, Nam) VALUES ('a', 'x') ON CONFLICT (Email) DO NOTHING", "42703", 'column "Nam"'],
    ["INSERT INTO Customer (Email, Name) VALUES ('a') ON CONFLICT (Email) DO NOTHING", "42601", "names 2 columns"],
    [
      "INSERT INTO Customer (Email) SELECT Id, Name FROM Customer ON CONFLICT (Email) DO NOTHING",
      "42601",
      "names 1 column",
    ],
    ["INSERT INTO Customer (Email) SELECT * FROM Charge ON CONFLICT (Email) DO NOTHING", "0A000", "rows whose columns"],
    ["INSERT INTO Customer DEFAULT VALUES ON CONFLICT (Email) DO NOTHING", "42601", "needs rows"],
    [
      "INSERT INTO Customer (Email, AccountId) VALUES ('a', 'acct_1') ON CONFLICT (Email) DO NOTHING",
      "0A000",
      "AccountId",
    ],
  ])("%s", async (sql, sqlState, message) => {
    const error = await running.failure(sql);
    expect(error).toMatchObject({ sqlState, message: expect.stringContaining(message) });
    expect(changes()).toEqual([]);
  });

  test("several objects of one row's key", async () => {
    const ids = [await customer("twice@example.com"), await customer("twice@example.com")];
    const error = await running.failure(
      "INSERT INTO Customer (Email, Name) VALUES ('twice@example.com', 'x') ON CONFLICT (Email) DO UPDATE SET Name = EXCLUDED.Name",
    );
    expect(error).toMatchObject({ sqlState: "21000", message: "ON CONFLICT matches several objects by one row" });
    for (const part of [...ids, "(Email)=(twice@example.com)"]) expect(error.detail).toContain(part);
    expect(changes()).toEqual([]);
  });

  test.each(["DO NOTHING", "DO UPDATE SET Name = EXCLUDED.Name"])("several rows of one key: %s", async (action) => {
    const error = await running.failure(
      `INSERT INTO Customer (Email, Name) VALUES ('same@example.com', 'x'), ('other@example.com', 'y'), ('same@example.com', 'z')
       ON CONFLICT (Email) ${action}`,
    );
    expect(error).toMatchObject({
      sqlState: "21000",
      detail: "Rows 1 and 3 both have (Email)=(same@example.com). Nothing was written.",
    });
    expect(changes()).toEqual([]);
  });
});

describe("ON CONFLICT", () => {
  test("updates what is there and inserts what is not, in the order of the rows", async () => {
    const id = await customer("there@example.com");
    const { command, rowCount, rows, notices, outcomes } = await running.query(
      `INSERT INTO Customer (Email, Name) VALUES ('new@example.com', 'New'), ('there@example.com', 'There')
       ON CONFLICT (Email) DO UPDATE SET Name = EXCLUDED.Name, Description = 'was ' || Customer.Name RETURNING Email, Name, Description`,
    );
    expect({ command, rowCount, rows, notices }).toEqual({
      command: "INSERT",
      rowCount: 2,
      rows: [
        { Email: "new@example.com", Name: "New", Description: null },
        { Email: "there@example.com", Name: "There", Description: "was Ada" },
      ],
      notices: [race, "2 rows: 1 to be inserted, 1 to be updated"],
    });
    expect(outcomes).toMatchObject([{ action: "inserted" }, { id, action: "updated" }]);
    expect(requestLines(running.sandbox)).toEqual([
      "GET /v1/customers email=new@example.com&limit=100",
      "GET /v1/customers email=there@example.com&limit=100",
      "POST /v1/customers email=new%40example.com&name=New",
      `POST /v1/customers/${id} name=There&description=was%20Ada`,
    ]);
  });

  test("DO NOTHING leaves what is there, as does a WHERE that fails, and says so", async () => {
    await customer("kept@example.com");
    const nothing = await running.query(
      "INSERT INTO Customer (Email, Name) VALUES ('kept@example.com', 'x') ON CONFLICT (Email) DO NOTHING",
    );
    const unmet = await running.query(
      `INSERT INTO Customer AS c (Email, Name) VALUES ('kept@example.com', 'x')
       ON CONFLICT (Email) DO UPDATE SET Name = EXCLUDED.Name WHERE c.Name <> 'Ada'`,
    );
    const expected = { rowCount: 0, outcomes: [], notices: [race, "1 row: 1 left as it is"] };
    expect(nothing).toMatchObject(expected);
    expect(unmet).toMatchObject(expected);
    expect(changes()).toEqual([]);
  });

  test("a key that is NULL is like none", async () => {
    const { rowCount } = await running.query(
      "INSERT INTO Customer (Email, Name) VALUES (NULL, 'a'), (NULL, 'b') ON CONFLICT (Email) DO NOTHING",
    );
    expect(rowCount).toBe(2);
  });

  test("a key may be of metadata, of several columns, or computed", async () => {
    const id = await customer("meta@example.com");
    const { id: other } = await running.stripe.customers.create({ metadata: { ref: "r-1" } });
    const byMetadata = await running.query(
      `INSERT INTO Customer (Description, Metadata) VALUES ('one', '{"ref": "r-1"}'), ('two', '{"ref": "r-2"}')
       ON CONFLICT (Metadata->>'ref') DO UPDATE SET Description = EXCLUDED.Description RETURNING Id, Description, Metadata`,
    );
    expect(byMetadata.rows).toEqual([
      { Id: other, Description: "one", Metadata: { ref: "r-1" } },
      { Id: expect.any(String), Description: "two", Metadata: { ref: "r-2" } },
    ]);
    const computed = await running.query(
      "INSERT INTO Customer (Email, Name) VALUES ('META@example.com', 'Ada') ON CONFLICT (lower(Email), Name) DO UPDATE SET Phone = '1' RETURNING Id",
    );
    expect(computed.rows).toEqual([{ Id: id }]);
  });

  test("an id that the caller chooses is unique at Stripe, so that nothing is said of other programs", async () => {
    const insert = (percent: number) =>
      running.query(
        `INSERT INTO Coupon (Id, PercentOff, Duration) VALUES ('CONFLICT-1', ?, 'once'), (?, 5, 'once')
         ON CONFLICT (Id) DO UPDATE SET Name = 'again' RETURNING Id, PercentOff, Name`,
        [percent, `CONFLICT-${percent}`],
      );
    expect((await insert(10)).notices).toEqual(["2 rows: 2 to be inserted"]);
    expect((await insert(20)).rows).toEqual([
      { Id: "CONFLICT-1", PercentOff: 10, Name: "again" },
      { Id: "CONFLICT-20", PercentOff: 5, Name: null },
    ]);
  });

  test("rows may be of a query", async () => {
    const { rows } = await running.query(
      `WITH c AS (SELECT DISTINCT Currency FROM Charge)
       INSERT INTO Customer (Email, Name) SELECT Currency || '@example.com', Currency FROM c ORDER BY Currency
       ON CONFLICT (Email) DO NOTHING RETURNING Email`,
    );
    const { rows: currencies } = await running.query("SELECT DISTINCT Currency FROM Charge ORDER BY 1");
    expect(rows.map((row) => row["Email"])).toEqual(currencies.map((row) => `${String(row["Currency"])}@example.com`));
  });

  test("a failure of one row does not hide the others, and the journal knows both", async () => {
    const id = await customer("half@example.com");
    const { outcomes, error, write } = await running.query(
      `INSERT INTO Customer (Email, Name) VALUES ('half@example.com', 'x'), ('no address', 'y')
       ON CONFLICT (Email) DO UPDATE SET Name = EXCLUDED.Name`,
    );
    expect(outcomes.map(({ state }) => state)).toEqual(["written", "failed"]);
    expect(outcomes[0]).toMatchObject({ id });
    expect(error?.message).toContain("no address");
    const { rows } = await running.query(`SHOW WRITE '${write?.id}'`);
    expect(rows.map((row) => [row["State"], row["Path"]])).toEqual([
      ["written", `/v1/customers/${id}`],
      ["failed", "/v1/customers"],
    ]);
  });

  test("EXPLAIN tells both calls", async () => {
    const { rows } = await running.query(
      "EXPLAIN INSERT INTO Customer (Email) VALUES ('a@example.com') ON CONFLICT (Email) DO UPDATE SET Name = 'x'",
    );
    const lines = rows.map((row) => row["QUERY PLAN"]);
    expect(lines[0]).toBe(
      "Insert or update Customer: POST /v1/customers/{customer} for each object to be updated, POST /v1/customers for each row without a match",
    );
    expect(lines).toContain(`Notice: ${race}`);
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});
