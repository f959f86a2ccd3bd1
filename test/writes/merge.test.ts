import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

const changes = () => requestLines(running.sandbox).filter((line) => !line.startsWith("GET"));

describe("what MERGE cannot mean", () => {
  const merge = "MERGE INTO Customer c USING Charge h ON h.Customer = c.Id";
  test.each([
    [`${merge}`, "42601", "syntax error"],
    [`${merge} WHEN MATCHED THEN INSERT (Name) VALUES (h.Id)`, "42601", "WHEN MATCHED cannot INSERT"],
    [`${merge} WHEN NOT MATCHED THEN DELETE`, "42601", "WHEN NOT MATCHED cannot DELETE"],
    [`${merge} WHEN NOT MATCHED BY SOURCE THEN INSERT (Name) VALUES ('x')`, "42601", "BY SOURCE cannot INSERT"],
    [`${merge} WHEN NOT MATCHED THEN INSERT (Name) VALUES (c.Name)`, "42P01", 'for table "c"'],
    [`${merge} WHEN NOT MATCHED AND c.Name = 'x' THEN DO NOTHING`, "42P01", 'for table "c"'],
    [`${merge} WHEN NOT MATCHED BY SOURCE AND h.Paid THEN DELETE`, "42P01", 'for table "h"'],
    [`${merge} WHEN NOT MATCHED BY SOURCE THEN DELETE`, "0A000", "without a condition may touch every row"],
    [`${merge} WHEN NOT MATCHED THEN INSERT (Name, Email) VALUES (h.Id)`, "42601", "INSERT names 2 columns"],
    [`${merge} WHEN NOT MATCHED THEN INSERT (Nam) VALUES (h.Id)`, "42703", 'column "Nam"'],
    [`${merge} WHEN MATCHED THEN UPDATE SET Nam = 'x'`, "42703", 'column "Nam"'],
    [`${merge} WHEN MATCHED THEN UPDATE SET Name = Id`, "42702", "mbiguous"],
    [`${merge} AND c.AccountId = 'acct_1' WHEN MATCHED THEN DELETE`, "0A000", "AccountId"],
    [
      "MERGE INTO Customer c USING Charge h, Refund r ON TRUE WHEN MATCHED THEN DELETE",
      "42601",
      "USING takes one table",
    ],
    ["MERGE INTO Customer c USING Charg h ON TRUE WHEN MATCHED THEN DELETE", "42P01", "Charg"],
    ["MERGE INTO Charge c USING Refund r ON r.Charge = c.Id WHEN MATCHED THEN DELETE", "0A000", "cannot DELETE from"],
    ["MERGE INTO sys_tables t USING Charge h ON TRUE WHEN MATCHED THEN DELETE", "0A000", "sys_tables"],
  ])("%s", async (sql, sqlState, message) => {
    const error = await running.failure(sql);
    expect(error).toMatchObject({ sqlState, message: expect.stringContaining(message) });
    expect(changes()).toEqual([]);
  });

  test("to write an object a second time", async () => {
    const error = await running.failure(`${merge} WHEN MATCHED THEN UPDATE SET Description = 'x'`);
    expect(error).toMatchObject({ sqlState: "21000", message: "MERGE cannot write an object a second time" });
    expect(changes()).toEqual([]);
  });

  test("to write on a read-only connection", async () => {
    const connection = await running.open({ readOnly: true });
    await expect(connection.query(`${merge} WHEN MATCHED THEN DELETE`)).rejects.toMatchObject({ sqlState: "25006" });
  });
});

describe("MERGE", () => {
  test("writes each row as the first clause says that it fits", async () => {
    const kept = await running.stripe.customers.create({ email: "kept@example.com", name: "Kept" });
    const changed = await running.stripe.customers.create({ email: "changed@example.com", name: "Changed" });
    const gone = await running.stripe.customers.create({ email: "gone@merge.example.com" });
    running.sandbox.requests.clear();
    const { command, rowCount, outcomes, rows } = await running.query(
      `MERGE INTO Customer c
       USING (VALUES ('kept@example.com', 1), ('changed@example.com', 2), ('made@example.com', 3), ('left@example.com', 4)) s(email, n)
       ON c.Email = s.email
       WHEN MATCHED AND s.n = 1 THEN DO NOTHING
       WHEN MATCHED THEN UPDATE SET Description = CASE WHEN s.n > 1 THEN 'n ' || s.n END,
         Metadata = json_merge_patch(c.Metadata, '{"seen": "yes"}')
       WHEN NOT MATCHED AND s.n < 4 THEN INSERT (Email, Name) VALUES (s.email, 'Made')
       WHEN NOT MATCHED BY SOURCE AND c.Email LIKE '%@merge.example.com' THEN DELETE
       RETURNING Id, Email, Description`,
    );
    expect({ command, rowCount }).toEqual({ command: "MERGE", rowCount: 3 });
    expect(outcomes).toEqual(
      expect.arrayContaining([
        { state: "written", id: changed.id, action: "updated" },
        { state: "written", id: gone.id, action: "deleted" },
        { state: "written", id: expect.any(String), action: "inserted" },
      ]),
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { Id: changed.id, Email: "changed@example.com", Description: "n 2" },
        { Id: expect.any(String), Email: "made@example.com", Description: null },
        expect.objectContaining({ Id: gone.id }),
      ]),
    );
    const expected = [
      `DELETE /v1/customers/${gone.id}`,
      "POST /v1/customers email=made%40example.com&name=Made",
      `POST /v1/customers/${changed.id} description=n%202&metadata[seen]=yes`,
    ];
    expect([...changes()].sort()).toEqual(expected.sort());
    expect(await running.stripe.customers.retrieve(kept.id)).toMatchObject({ name: "Kept" });
  });

  test("computes a clause's values for its own rows alone", async () => {
    const { id } = await running.stripe.customers.create({ email: "number@example.com" });
    const { outcomes } = await running.query(
      `MERGE INTO Customer c USING (VALUES ('number@example.com', 'no number')) s(email, n) ON c.Email = s.email
       WHEN MATCHED AND s.n = 'no number' THEN UPDATE SET Description = 'fine'
       WHEN NOT MATCHED THEN INSERT (Email, Balance) VALUES (s.email, s.n::BIGINT)`,
    );
    expect(outcomes).toEqual([{ state: "written", id, action: "updated" }]);
  });

  test("reads by the source's keys where nothing is asked of other objects, and EXPLAIN says so", async () => {
    const { rows } = await running.query(
      `EXPLAIN MERGE INTO Customer c USING (VALUES ('cus_1'), ('cus_2')) s(id) ON c.Id = s.id WHEN MATCHED THEN UPDATE SET Name = 'x'`,
    );
    expect(rows.map((row) => row["QUERY PLAN"])).toEqual(
      expect.arrayContaining([
        "Merge Customer: POST /v1/customers/{customer} for each object to be updated",
        "    Retrieve: GET /v1/customers/cus_1",
      ]),
    );
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("is resumed where it was cut off: each call once", async () => {
    const { id } = await running.stripe.customers.create({ email: "resumed@example.com", name: "old" });
    running.sandbox.faults.add({ method: "POST", path: "/v1/customers", times: 3, effect: { kind: "lose-reply" } });
    const error = await running.failure(
      `MERGE INTO Customer c USING (VALUES (1, 'resumed@example.com'), (2, 'resumed-new@example.com')) s(n, email) ON c.Email = s.email
       WHEN MATCHED THEN UPDATE SET Name = 'new' WHEN NOT MATCHED THEN INSERT (Email) VALUES (s.email)`,
    );
    running.sandbox.faults.clear();
    expect(error.stripe.inDoubt).toBe(true);
    const { rows: writes } = await running.query(
      "SELECT Id, Command, InDoubt FROM sys_writes WHERE State <> 'finished' ORDER BY Begun DESC",
    );
    expect(writes).toMatchObject([{ Command: "MERGE Customer", InDoubt: 1 }]);
    const resumed = await running.query(`RESUME WRITE '${String(writes[0]?.["Id"])}'`);
    expect(resumed.rows.map((row) => row["State"])).toEqual(["written", "written"]);
    const { rows } = await running.query("SELECT Id FROM Customer WHERE Email = 'resumed-new@example.com'");
    expect(rows).toHaveLength(1);
    expect(await running.stripe.customers.retrieve(id)).toMatchObject({ name: "new" });
  });

  test("leaves what the same computation over objects says", async () => {
    const key = fc.integer({ min: 0, max: 5 });
    const matched = fc.constantFrom<Matched>("update", "delete", "nothing", undefined);
    const merges = fc.record({
      there: fc.uniqueArray(key, { maxLength: 5 }),
      given: fc.array(fc.tuple(key, fc.integer({ min: 0, max: 3 })), { maxLength: 5 }),
      low: matched,
      others: matched,
      inserts: fc.boolean(),
      unsourced: fc.constantFrom<Unsourced>("delete", "update", undefined),
    });
    await fc.assert(
      fc.asyncProperty(merges, async (merge) => {
        for (const n of merge.there)
          await running.stripe.customers.create({ email: `${n}@${domain}`, description: "old" });
        const after = afterMerge(merge);
        const merging = running.query(mergeText(merge));
        if (after === "repeats") await expect(merging).rejects.toMatchObject({ sqlState: "21000" });
        else await merging;
        const left = await running.query(`SELECT Id, Email, Description FROM Customer WHERE Email LIKE '%@${domain}'`);
        for (const row of left.rows) await running.stripe.customers.del(String(row["Id"]));
        const found = left.rows.map((row) => `${String(row["Email"]).split("@")[0]}: ${String(row["Description"])}`);
        const expected = after === "repeats" ? merge.there.map((n) => `${n}: old`) : after;
        expect(found.sort()).toEqual([...expected].sort());
      }),
      { numRuns: 60, seed: 13 },
    );
  });
});

const domain = "prop.example.com";

type Matched = "update" | "delete" | "nothing" | undefined;
type Unsourced = "update" | "delete" | undefined;

interface GeneratedMerge {
  /** The numbers of the customers that are there. */
  readonly there: readonly number[];
  /** The source's rows: a number, and a value. */
  readonly given: readonly (readonly [number, number])[];
  /** What becomes of those matched by a value below 2, and of others that are matched. */
  readonly low: Matched;
  readonly others: Matched;
  /** Whether rows without a match are inserted, unless their value is 3. */
  readonly inserts: boolean;
  readonly unsourced: Unsourced;
}

const actions = { update: "UPDATE SET Description = 'v' || s.v", delete: "DELETE", nothing: "DO NOTHING" } as const;
const ends = { delete: "DELETE", update: "UPDATE SET Description = 'unsourced'" } as const;

function mergeText({ given, low, others, inserts, unsourced }: GeneratedMerge): string {
  const clauses = [
    "WHEN MATCHED AND s.v > 9 THEN DO NOTHING",
    low && `WHEN MATCHED AND s.v < 2 THEN ${actions[low]}`,
    others && `WHEN MATCHED THEN ${actions[others]}`,
    inserts && "WHEN NOT MATCHED AND s.v <> 3 THEN INSERT (Email, Description) VALUES (s.email, 'made ' || s.v)",
    unsourced && `WHEN NOT MATCHED BY SOURCE AND c.Email LIKE '%@${domain}' THEN ${ends[unsourced]}`,
  ];
  const rows = [...given.map(([n, v]) => `('${n}@${domain}', ${v})`), "('x@nowhere.example.com', 3)"].join(", ");
  const whens = clauses.filter(Boolean).join(" ");
  return `MERGE INTO Customer AS c USING (VALUES ${rows}) AS s(email, v) ON c.Email = s.email ${whens}`;
}

/** The customers afterwards, "number: description"; "repeats" where a customer would be written twice. */
function afterMerge({ there, given, low, others, inserts, unsourced }: GeneratedMerge): readonly string[] | "repeats" {
  const made = given.filter(([n, v]) => inserts && v !== 3 && !there.includes(n)).map(([n, v]) => `${n}: made ${v}`);
  const after: string[] = [...made];
  for (const n of there) {
    const rows = given.filter(([other]) => other === n);
    const own = rows.map(([, v]) => ({ v, action: v < 2 && low !== undefined ? low : others }));
    const writing = own.filter(({ action }) => action === "update" || action === "delete");
    if (writing.length > 1) return "repeats";
    const [only] = writing;
    if (only === undefined && rows.length > 0) after.push(`${n}: old`);
    if (only?.action === "update") after.push(`${n}: v${only.v}`);
    if (rows.length === 0 && unsourced === undefined) after.push(`${n}: old`);
    if (rows.length === 0 && unsourced === "update") after.push(`${n}: unsourced`);
  }
  return after;
}
