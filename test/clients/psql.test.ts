import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClientRun } from "../support/client-program.js";
import { runClient } from "../support/client-program.js";
import { serveBusiness } from "../support/served-business.js";
import { Terminal } from "../support/terminal.js";

const shop = serveBusiness();
const program = { program: "psql", install: "apt-get install postgresql-client" };

/** A script's lines, read by psql from standard input; errors with their SQLSTATE and line. */
function psql(script: string, environment = shop.environment()): Promise<ClientRun> {
  const args = ["-X", "-q", "-A", "-t", "-v", "VERBOSITY=verbose", "-f", "-"];
  return runClient(program, args, { input: script, environment, folder: shop.folder.path });
}

/** What a script prints; it must print no error. */
async function printed(script: string): Promise<readonly string[]> {
  const { status, output, errors } = await psql(script);
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}

describe("psql", () => {
  it("comes in by a password, and by no other", async () => {
    expect(await printed("SELECT current_user, current_database();")).toEqual(["writer|shop"]);
    const { status, errors } = await psql("SELECT 1;", { ...shop.environment(), PGPASSWORD: "another" });
    expect([status, errors]).toEqual([2, expect.stringContaining('password authentication failed for user "writer"')]);
  });

  it("prints the rows that the driver gives, each value as PostgreSQL does", async () => {
    const rows = await shop.driver(
      "SELECT Id, Email, Balance, Delinquent, strftime(Created, '%Y-%m-%d %H:%M:%S+00') AS Created, Metadata->>'order_id' AS OrderId FROM Customer ORDER BY Id LIMIT 20",
    );
    const lines = rows.map((row) => {
      const delinquent = row["Delinquent"] === true ? "t" : "f";
      const values = [row["Id"], row["Email"], row["Balance"], delinquent, row["Created"], row["OrderId"]];
      return values.map((value) => value ?? "(null)").join("|");
    });
    const query = "SELECT id, email, balance, delinquent, created, metadata->>'order_id' FROM customers ORDER BY id";
    expect(await printed(`\\pset null (null)\n${query} LIMIT 20;`)).toEqual(lines);
    expect(lines).toHaveLength(20);
  });

  it("prints times in the session's time zone", async () => {
    const script = "SELECT created FROM customers WHERE id = :'id';";
    const [customer] = await shop.driver(
      "SELECT Id, strftime(Created AT TIME ZONE 'Asia/Tokyo', '%Y-%m-%d %H:%M:%S+09') AS Tokyo FROM Customer ORDER BY Id LIMIT 1",
    );
    const { output } = await psql(`\\set id ${customer?.["Id"]}\n${script}`, {
      ...shop.environment(),
      PGTZ: "Asia/Tokyo",
    });
    expect(output).toBe(`${customer?.["Tokyo"]}\n`);
  });

  it("tells a mistake by its SQLSTATE, its line and its place", async () => {
    const { status, errors } = await psql("SELECT id,\n  emial FROM customers;\nSELECT 1;");
    expect(status).toBe(0);
    expect(errors).toContain(
      'ERROR:  42703: column "emial" does not exist\nLINE 2:   emial FROM customers;\n          ^\n',
    );
    expect((await psql("SELECT 1 FROM nowhere;")).errors).toContain('42P01: relation "nowhere" does not exist');
    expect((await psql("SELEC 1;")).errors).toContain('42601: syntax error at or near "SELEC"');
    expect((await psql("CREATE TABLE t (a int);")).errors).toContain("0A000: ");
  });

  it("writes and prints what came of it; a user who reads does not", async () => {
    const insert = "INSERT INTO customers (email, name) VALUES ('psql@example.com', 'P') RETURNING id, email, name;";
    const [inserted] = await printed(insert);
    expect(inserted).toMatch(/^cus_\w+\|psql@example\.com\|P$/);
    const [id] = inserted?.split("|") ?? [];
    expect(await printed(`UPDATE customers SET name = 'Q' WHERE id = '${id}' RETURNING name;`)).toEqual(["Q"]);
    expect(await shop.driver("SELECT Name FROM Customer WHERE Id = ?", [id ?? ""])).toEqual([{ Name: "Q" }]);
    const { errors } = await psql(`DELETE FROM customers WHERE id = '${id}';`, shop.environment("reader"));
    expect(errors).toContain("ERROR:  25006: ");
    expect(await printed(`\\set QUIET off\nDELETE FROM customers WHERE id = '${id}';`)).toEqual(["DELETE 1"]);
    expect(await shop.driver("SELECT Id FROM Customer WHERE Email = 'psql@example.com'")).toEqual([]);
  });

  it("carries on in a transaction where ON_ERROR_ROLLBACK has it", async () => {
    const { output, errors } = await psql("\\set ON_ERROR_ROLLBACK on\nBEGIN;\nSELECT 1/0;\nSELECT 2;\nCOMMIT;");
    expect([errors, output]).toEqual([expect.stringContaining("22012: division by zero"), "2\n"]);
  });

  it("fetches in portions by a cursor of its own", async () => {
    const rows = await shop.driver("SELECT Id FROM Customer");
    const lines = await printed("\\set FETCH_COUNT 30\nSELECT id FROM customers;");
    expect(lines).toEqual(rows.map((row) => row["Id"]));
  });

  it("describes, sets variables, runs what a query gives, and pivots", async () => {
    const lines = await printed(
      [
        "SELECT id, created, balance, metadata FROM customers \\gdesc",
        "SELECT count(*) AS customers FROM customers \\gset",
        "\\echo :customers",
        "SELECT format('SELECT %L, count(*) FROM invoices WHERE status = %L', s, s) FROM unnest(array['paid', 'open']) s \\gexec",
        "SELECT status, currency, count(*) FROM invoices WHERE status = 'paid' GROUP BY 1, 2 ORDER BY 2 \\crosstabview",
      ].join("\n"),
    );
    const [counts] = await shop.driver(
      "SELECT count(*) FILTER (Status = 'paid') AS Paid, count(*) FILTER (Status = 'open') AS Open FROM Invoice",
    );
    const currencies = await shop.driver(
      "SELECT Currency, count(*) AS Count FROM Invoice WHERE Status = 'paid' GROUP BY ALL ORDER BY 1",
    );
    const [customers] = await shop.driver("SELECT count(*) AS Count FROM Customer");
    expect(lines).toEqual([
      ...["id|text", "created|timestamp with time zone", "balance|bigint", "metadata|jsonb"],
      `${customers?.["Count"]}`,
      ...[`paid|${counts?.["Paid"]}`, `open|${counts?.["Open"]}`],
      ["paid", ...currencies.map((row) => row["Count"])].join("|"),
    ]);
  });

  it("copies what a query gives to a file and to standard output", async () => {
    const query = "SELECT id, email, created FROM customers ORDER BY id LIMIT 3";
    await printed(`\\copy (${query}) TO 'copied.csv' CSV HEADER`);
    const rows = await shop.driver(
      "SELECT Id, Email, strftime(Created, '%Y-%m-%d %H:%M:%S+00') AS Created FROM Customer ORDER BY Id LIMIT 3",
    );
    const lines = rows.map((row) => `${row["Id"]},${row["Email"] ?? ""},${row["Created"]}`);
    expect(readFileSync(join(shop.folder.path, "copied.csv"), "utf8").split("\n")).toEqual([
      ...["id,email,created", ...lines, ""],
    ]);
    expect(
      await printed("\\copy (SELECT 1, 'a;b', NULL::text) TO STDOUT (FORMAT csv, DELIMITER ';', NULL '-')"),
    ).toEqual(['1;"a;b";-']);
    const [count] = await shop.driver("SELECT count(*) AS Count FROM Product");
    expect(await printed("\\set QUIET off\n\\copy products TO '/dev/null'")).toEqual([`COPY ${count?.["Count"]}`]);
    const { errors } = await psql("\\copy customers (email) FROM STDIN\na@example.com\n\\.\n");
    expect(errors).toContain("0A000: COPY … FROM STDIN is not supported");
  });
});

describe("psql's describing commands", () => {
  it("list Stripe's tables with \\dt and \\d, those of its second API by their schema", async () => {
    const [tables] = await shop.driver(
      "SELECT count(*) FILTER (SchemaName = 'stripe') AS V1, count(*) FILTER (SchemaName = 'v2') AS V2 FROM sys_tables",
    );
    const listed = await printed("\\dt");
    expect(listed).toContain("stripe|payment_intents|table|pg_stripe_sql");
    expect(listed).toHaveLength(Number(tables?.["V1"]));
    expect(await printed("\\dt stripe.*")).toEqual(listed);
    expect(await printed("\\d")).toEqual(listed);
    expect(await printed("\\dt v2.*")).toHaveLength(Number(tables?.["V2"]));
    expect(await printed("\\dt *.payment_link*")).toEqual([
      "stripe|payment_link_line_items|table|pg_stripe_sql",
      "stripe|payment_links|table|pg_stripe_sql",
    ]);
  });

  it("tell a table's columns, types, comments, keys and references with \\d+", async () => {
    const columns = await shop.driver(
      "SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'Customer' AND NOT IsHidden ORDER BY Ordinal",
    );
    const lines = await printed("\\pset tuples_only off\n\\d+ customers");
    const own = lines.slice(2, lines.indexOf("Indexes:")).filter((line) => /\|(plain|extended)\|/.test(line));
    const names = own.map((line) => (line.split("|")[0] ?? "").replaceAll("_", ""));
    expect(names).toEqual(columns.map((column) => String(column["ColumnName"]).toLowerCase()));
    expect(lines.slice(0, 3)).toEqual([
      'Table "stripe.customers"',
      "Column|Type|Collation|Nullable|Default|Storage|Compression|Stats target|Description",
      "id|text||not null||extended|||Unique identifier for the object.",
    ]);
    expect(lines).toContain('"customers_pkey" PRIMARY KEY, btree (id)');
    expect(lines).toContain(
      '"customers_test_clock_fkey" FOREIGN KEY (test_clock) REFERENCES test_helpers_test_clocks(id) NOT ENFORCED',
    );
    expect(lines).toContain(
      'TABLE "invoices" CONSTRAINT "invoices_customer_fkey" FOREIGN KEY (customer) REFERENCES customers(id) NOT ENFORCED',
    );
  });

  it("list procedures with \\df, schemas with \\dn, databases with \\l, and the user alone with \\du", async () => {
    const [procedures] = await shop.driver("SELECT count(DISTINCT ProcedureName) AS Count FROM sys_procedures");
    const listed = await printed("\\df stripe.*");
    const names = new Set(listed.map((line) => line.split("|")[1]));
    // Those of ours stand beside them.
    for (const own of ["writes", "write_calls", "resume_write", "forget_write"]) expect(names.delete(own)).toBe(true);
    expect(names.size).toBe(Number(procedures?.["Count"]));
    expect(await printed("\\df accept_quote")).toEqual(["stripe|accept_quote|SETOF quotes|quote_id text|func"]);
    expect((await printed("\\dn")).map((line) => line.split("|")[0])).toEqual([
      "metrics",
      "public",
      "sql",
      "stripe",
      "v2",
    ]);
    expect((await printed("\\l"))[0]).toMatch(/^shop\|pg_stripe_sql\|UTF8\|/);
    expect(await printed("\\du")).toEqual(["writer||{}"]);
    expect((await printed("\\sf accept_quote"))[0]).toMatch(/^CREATE OR REPLACE FUNCTION stripe\.accept_quote\(/);
    expect((await printed("\\sv sql.customer"))[0]).toBe("CREATE OR REPLACE VIEW sql.customer AS");
  });

  it("are answered, all of them", async () => {
    const script = describingCommands().map((command) => `\\warn ${command}\n\\${command}\n`);
    const { errors } = await psql(script.join(""));
    const lines = errors
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^psql:<stdin>:\d+: /, ""));
    const complaints = lines.filter((line) => !line.startsWith("error: Did not find any "));
    expect(complaints).toEqual(describingCommands());
  });
});

/** As psql 15 has them; of those with more letters the ones that ask other queries. */
function describingCommands(): readonly string[] {
  const alone =
    "d da dA dAc dAf dAo dAp db dc dC dconfig dd dD ddp dE des det deu dew df dF dFd dFp dFt dg di dl dL dm dn do dO dp dP drds dRp dRs ds dt dT du dv dx dX dy l z";
  const more =
    "d+ da+ dA+ dc+ dC+ dD+ df+ dg+ di+ dL+ dm+ dn+ do+ dP+ dRp+ ds+ dt+ dT+ dv+ dx+ l+ dS dfS daS dTS+ dtS+ dvS";
  return `${alone} ${more}`.split(" ");
}

describe("psql at a terminal", () => {
  it("completes names of tables and columns on Tab, as the catalog has them", async () => {
    const terminal = await atTerminal();
    terminal.type("SELECT count(*) FROM webhook_e\t;\n");
    const [count] = await shop.driver("SELECT count(*) AS Count FROM WebhookEndpoint");
    expect(await terminal.shows(/\(1 row\)/)).toMatch(new RegExp(`\\n +${count?.["Count"]}\\n`));
    terminal.type("SELECT 1 FROM payment_link\t\t");
    expect(await terminal.shows(/payment_links/)).toContain("payment_link_line_items");
    // Ctrl-U takes the line back.
    terminal.type("\u0015SELECT count(*) FROM customers WHERE delinq\t;\n");
    const [delinquent] = await shop.driver("SELECT count(*) AS Count FROM Customer WHERE Delinquent");
    expect(await terminal.shows(/\(1 row\)/)).toMatch(
      new RegExp(`delinquent ;\\n.*\\n.*\\n +${delinquent?.["Count"]}\\n`),
    );
    terminal.type("\\d webhook_e\t\n");
    await terminal.shows(/Table "stripe\.webhook_endpoints"/);
    terminal.type("\\df accept_q\t\n");
    await terminal.shows(/SETOF quotes/);
  });

  it("cancels what runs on Ctrl-C and goes on", async () => {
    const terminal = await atTerminal();
    shop.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "stall" } });
    terminal.type("SELECT count(*) FROM charges;\n");
    await shop.stalls("/v1/charges");
    terminal.type("\u0003");
    await terminal.shows(/ERROR: {2}canceling statement due to user request/);
    terminal.type("SELECT 40 + 2 AS sum;\n");
    await terminal.shows(/ 42\n/);
  });
});

/** psql at its first prompt. */
async function atTerminal(): Promise<Terminal> {
  const terminal = new Terminal("psql -X -P pager=off", shop.environment());
  await terminal.shows(/shop=> /);
  return terminal;
}
