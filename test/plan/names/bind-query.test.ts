import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bindQuery } from "../../../src/plan/names/bind-query.js";
import type { BoundTable } from "../../../src/plan/names/bound-query.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { printPredicate } from "../../../src/plan/predicate/predicate.js";
import { openOracle } from "../../support/oracle.js";
import { planEnvironment, statementOf } from "../../support/statement-planning.js";

function tablesOf(sql: string): readonly BoundTable[] {
  return bindQuery(statementOf(sql, "select").query, planEnvironment()).tables;
}

/** What binds each mention of a table by itself, but for what no rule reads. */
function bound(sql: string): Readonly<Record<string, readonly string[]>> {
  return conditions(sql, (kind) => kind !== "opaque" && kind !== "joined");
}

/** What binds each mention of a table to another's rows. */
function keyed(sql: string): Readonly<Record<string, readonly string[]>> {
  return conditions(sql, (kind) => kind === "joined");
}

function conditions(
  sql: string,
  isWanted: (kind: Predicate["kind"]) => boolean,
): Readonly<Record<string, readonly string[]>> {
  const readable = ({ predicates }: BoundTable) => predicates.filter(({ kind }) => isWanted(kind)).map(printPredicate);
  return Object.fromEntries(
    tablesOf(sql).map((table) => [table.reference.alias ?? table.reference.name, readable(table)]),
  );
}

const on = (join: string): string =>
  `SELECT 1 FROM Customer c ${join} JOIN Charge h ON c.Email = 'a' AND h.Description = 'b'`;

describe("a condition in ON", () => {
  it("binds both sides of an inner join", () => {
    expect(bound(on(""))).toEqual({ c: ["Email = 'a'"], h: ["Description = 'b'"] });
  });

  it("binds the side of an outer join that NULLs can stand for, and never the side that is kept", () => {
    expect(bound(on("LEFT"))).toEqual({ c: [], h: ["Description = 'b'"] });
    expect(bound(on("RIGHT"))).toEqual({ c: ["Email = 'a'"], h: [] });
    expect(bound(on("FULL"))).toEqual({ c: [], h: [] });
  });

  it("of a SEMI JOIN binds both sides, of an ANTI JOIN the one that is not kept", () => {
    expect(bound(on("SEMI"))).toEqual({ c: ["Email = 'a'"], h: ["Description = 'b'"] });
    expect(bound(on("ANTI"))).toEqual({ c: [], h: ["Description = 'b'"] });
  });

  it("binds what stands inside the side that it binds", () => {
    const inside = (join: string) =>
      bound(
        `SELECT 1 FROM Customer c ${join} JOIN (Charge h LEFT JOIN Refund r ON r.Reason = 'c') ON h.Description = 'b'`,
      );
    expect(inside("LEFT")).toEqual({ c: [], h: ["Description = 'b'"], r: ["Reason = 'c'"] });
    expect(inside("FULL")).toEqual({ c: [], h: [], r: ["Reason = 'c'"] });
  });

  it("binds nothing below a join that pairs rows by nearness or position", () => {
    const sql = "SELECT 1 FROM Customer c POSITIONAL JOIN Charge h JOIN Refund r ON r.Reason = 'c' WHERE c.Email = 'a'";
    expect(bound(sql)).toEqual({ c: [], h: [], r: ["Reason = 'c'"] });
  });

  it("that is never true leaves the kept side whole", () => {
    expect(bound("SELECT 1 FROM Customer c LEFT JOIN Charge h ON FALSE")).toEqual({ c: [], h: ["FALSE"] });
  });
});

const joined = (join: string, where: string): string =>
  `SELECT 1 FROM Customer c ${join} JOIN Charge h ON h.Customer = c.Id WHERE ${where}`;

describe("an equality of a join", () => {
  it("carries a value both ways where both sides must match", () => {
    expect(bound(joined("", "c.Id = 'x'"))).toEqual({ c: ["Id = 'x'"], h: ["Customer = 'x'"] });
    expect(bound(joined("", "h.Customer IN ('x', 'y')"))).toEqual({
      c: ["Id IN ('x', 'y')"],
      h: ["Customer IN ('x', 'y')"],
    });
    expect(bound("SELECT 1 FROM Customer c, Charge h WHERE h.Customer = c.Id AND c.Id = 'x'")).toEqual({
      c: ["Id = 'x'"],
      h: ["Customer = 'x'"],
    });
  });

  it("of LEFT JOIN carries it from the kept side alone", () => {
    expect(bound(joined("LEFT", "c.Id = 'x'"))).toEqual({ c: ["Id = 'x'"], h: ["Customer = 'x'"] });
    const inOn = "SELECT 1 FROM Customer c LEFT JOIN Charge h ON h.Customer = c.Id AND h.Customer = 'x'";
    expect(bound(inOn)).toEqual({ c: [], h: ["Customer = 'x'"] });
  });

  it("of RIGHT and FULL JOIN carries none", () => {
    expect(bound(joined("RIGHT", "h.Customer = 'x'"))).toEqual({ c: [], h: ["Customer = 'x'"] });
    expect(bound(joined("FULL", "h.Customer = 'x'"))).toEqual({ c: [], h: ["Customer = 'x'"] });
    expect(bound(joined("FULL", "c.Id = 'x'"))).toEqual({ c: ["Id = 'x'"], h: [] });
  });

  it("carries it through a chain of tables", () => {
    const sql = `SELECT 1 FROM Refund r JOIN Charge h ON r.Charge = h.Id JOIN Customer c ON h.Id = c.Id WHERE c.Id = 'x'`;
    expect(bound(sql)).toEqual({ r: ["Charge = 'x'"], h: ["Id = 'x'"], c: ["Id = 'x'"] });
  });

  it("carries no range, and nothing between columns that are not texts", () => {
    expect(bound(joined("", "c.Id > 'x'"))).toEqual({ c: ["Id > 'x'"], h: [] });
    const amounts = "SELECT 1 FROM Charge a JOIN Refund b ON a.Amount = b.Amount WHERE a.Amount = 5";
    expect(bound(amounts)).toEqual({ a: ["Amount = 5"], b: [] });
  });
});

describe("a key that another table holds", () => {
  it("binds both sides of an inner join", () => {
    expect(keyed(joined("", "TRUE"))).toEqual({ c: ["Id = h.Customer"], h: ["Customer = c.Id"] });
    expect(keyed("SELECT 1 FROM Customer c, Charge h WHERE c.Id = h.Customer")).toEqual({
      c: ["Id = h.Customer"],
      h: ["Customer = c.Id"],
    });
  });

  it("binds the side of an outer join that NULLs can stand for, and never the side that is kept", () => {
    expect(keyed(joined("LEFT", "TRUE"))).toEqual({ c: [], h: ["Customer = c.Id"] });
    expect(keyed(joined("RIGHT", "TRUE"))).toEqual({ c: ["Id = h.Customer"], h: [] });
    expect(keyed(joined("FULL", "TRUE"))).toEqual({ c: [], h: [] });
    expect(keyed(joined("SEMI", "TRUE"))).toEqual({ c: ["Id = h.Customer"], h: ["Customer = c.Id"] });
    expect(keyed(joined("ANTI", "TRUE"))).toEqual({ c: [], h: ["Customer = c.Id"] });
  });

  it("binds both sides of an inner join below an outer one, as its WHERE does", () => {
    const sql = `SELECT 1 FROM Refund r LEFT JOIN (Charge h JOIN Customer c ON c.Id = h.Customer) ON r.Charge = h.Id`;
    expect(keyed(sql)).toEqual({ r: [], h: ["Id = r.Charge", "Customer = c.Id"], c: ["Id = h.Customer"] });
  });

  it.each([
    ["IN", "SELECT 1 FROM Charge h WHERE Customer IN (SELECT Id FROM Customer WHERE Email = 'a')"],
    ["= ANY", "SELECT 1 FROM Charge h WHERE Customer = ANY (SELECT Id FROM Customer)"],
    ["a scalar subquery", "SELECT 1 FROM Charge h WHERE Customer = (SELECT min(Id) FROM Customer)"],
    [
      "a subquery of a common table",
      "WITH v AS (SELECT Id AS k FROM Customer) SELECT 1 FROM Charge h WHERE Customer IN (SELECT k FROM v)",
    ],
  ])("binds by %s", (_, sql) => {
    expect(keyed(sql)).toMatchObject({ h: ["Customer IN Customer.Id"], Customer: [] });
  });

  it("binds the rows of a correlated subquery to a query around it, and those of EXISTS both ways", () => {
    const sql = "SELECT 1 FROM Customer c WHERE EXISTS (SELECT 1 FROM Charge h WHERE h.Customer = c.Id)";
    expect(keyed(sql)).toEqual({ h: ["Customer = c.Id"], c: ["Id IN h.Customer"] });
  });

  it("does not bind by NOT IN, which the whole of the other table decides, nor by what is no id of a request's", () => {
    expect(keyed("SELECT 1 FROM Charge h WHERE Customer NOT IN (SELECT Id FROM Customer)")).toEqual({
      h: [],
      Customer: [],
    });
    expect(keyed("SELECT 1 FROM Charge h JOIN Refund r ON h.Amount = r.Amount")).toEqual({ h: [], r: [] });
    expect(keyed("SELECT 1 FROM Charge h JOIN Refund r ON h.ReceiptEmail = r.Reason")).toEqual({ h: [], r: [] });
  });

  it("is found through derived and common tables, whatever they are called there", () => {
    const derived =
      "SELECT 1 FROM Charge h JOIN (SELECT Id AS k FROM Customer WHERE Email = 'a' LIMIT 3) q ON h.Customer = q.k";
    expect(keyed(derived)).toEqual({ h: ["Customer = Customer.Id"], Customer: [] });
    const common =
      "WITH q(k) AS (SELECT min(Id) FROM Customer GROUP BY Email) SELECT 1 FROM q, Charge h WHERE q.k = h.Customer";
    expect(keyed(common)).toEqual({ h: ["Customer = Customer.Id"], Customer: [] });
  });

  it("is one of constants where VALUES hold it", () => {
    expect(bound("SELECT 1 FROM (VALUES ('x', 1), ('y', 2)) v(k, n) JOIN Charge h ON h.Id = v.k")).toEqual({
      h: ["Id IN ('x', 'y')"],
    });
    expect(bound("SELECT 1 FROM Charge h WHERE Id IN (VALUES ('x'), (NULL))")).toEqual({ h: ["Id IN ('x')"] });
    expect(bound("SELECT 1 FROM (VALUES (reverse('X'))) v(k) JOIN Charge h ON h.Id = v.k")).toEqual({ h: [] });
  });
});

describe("a condition of the query around", () => {
  const inner = (sql: string) => bound(sql)["Charge"];

  it.each([
    ["a derived table", "SELECT * FROM (SELECT * FROM Charge) q WHERE Status = 'a'"],
    ["one under another name", "SELECT * FROM (SELECT Status AS s FROM Charge) q WHERE q.s = 'a'"],
    ["one with names of its own", "SELECT * FROM (SELECT Id, Status FROM Charge) q(i, s) WHERE s = 'a'"],
    ["a common table", "WITH q AS (SELECT * FROM Charge) SELECT * FROM q WHERE Status = 'a'"],
    [
      "several levels",
      "WITH q AS (SELECT * FROM (SELECT Status AS s FROM Charge)) SELECT * FROM (SELECT s AS t FROM q) WHERE t = 'a'",
    ],
    ["DISTINCT", "SELECT * FROM (SELECT DISTINCT Status FROM Charge) q WHERE Status = 'a'"],
    ["a group key", "SELECT * FROM (SELECT Status, count(*) FROM Charge GROUP BY 1) q WHERE Status = 'a'"],
    ["HAVING on one", "SELECT Status, count(*) FROM Charge GROUP BY Status HAVING Status = 'a' AND count(*) > 1"],
    [
      "a window's partition",
      "SELECT * FROM (SELECT Status, row_number() OVER (PARTITION BY Status ORDER BY Id) n FROM Charge) q WHERE Status = 'a' AND n = 1",
    ],
    [
      "the right side of LEFT JOIN",
      "SELECT * FROM Customer c LEFT JOIN (SELECT * FROM Charge) q ON q.Status = 'a' AND q.Amount = c.Balance",
    ],
  ])("holds in %s", (_, sql) => {
    expect(inner(sql)).toEqual(["Status = 'a'"]);
  });

  it("holds in both sides of a set operation, by their places", () => {
    const sql =
      "SELECT * FROM (SELECT Status AS s, Id FROM Charge c UNION ALL SELECT Reason, Id FROM Refund r) q WHERE s = 'a'";
    expect(bound(sql)).toEqual({ c: ["Status = 'a'"], r: ["Reason = 'a'"] });
  });

  it("holds under its name in both sides of a set operation by name", () => {
    const sql =
      "SELECT * FROM (SELECT Status AS a, Id AS b FROM Charge c UNION ALL BY NAME SELECT Id AS b, Reason AS a FROM Refund r) q WHERE a = 'x'";
    expect(bound(sql)).toEqual({ c: ["Status = 'x'"], r: ["Reason = 'x'"] });
  });

  it("of several readers of a common table is one that any of them has", () => {
    const sql =
      "WITH q AS (SELECT * FROM Charge) SELECT * FROM q WHERE Status = 'a' UNION ALL SELECT * FROM q WHERE Status = 'b'";
    expect(inner(sql)).toEqual(["Status IN ('a', 'b')"]);
    expect(
      inner("WITH q AS (SELECT * FROM Charge) SELECT * FROM q WHERE Status = 'a' AND Id IN (SELECT Id FROM q)"),
    ).toEqual([]);
  });

  it("leads to keys as the query's own does", () => {
    const sql = "WITH q AS (SELECT Customer AS k FROM Charge) SELECT 1 FROM q JOIN Customer c ON c.Id = q.k";
    expect(keyed(sql)).toEqual({ Charge: ["Customer = c.Id"], c: ["Id = Charge.Customer"] });
    const member =
      "SELECT * FROM (SELECT * FROM Charge) q WHERE Customer IN (SELECT Id FROM Customer WHERE Email = 'a')";
    expect(keyed(member)).toEqual({ Charge: ["Customer IN Customer.Id"], Customer: [] });
  });

  it.each([
    ["LIMIT", "SELECT * FROM (SELECT * FROM Charge LIMIT 5) q WHERE Status = 'a'"],
    [
      "a window over all",
      "SELECT * FROM (SELECT Status, row_number() OVER (ORDER BY Id) n FROM Charge) q WHERE Status = 'a'",
    ],
    [
      "a window parted otherwise",
      "SELECT * FROM (SELECT Status, sum(Amount) OVER (PARTITION BY Currency) n FROM Charge) q WHERE Status = 'a'",
    ],
    [
      "DISTINCT ON another column",
      "SELECT * FROM (SELECT DISTINCT ON (Currency) Status FROM Charge) q WHERE Status = 'a'",
    ],
    ["an aggregate", "SELECT * FROM (SELECT min(Status) AS Status FROM Charge) q WHERE Status = 'a'"],
    [
      "what NULL satisfies",
      "SELECT * FROM Customer c LEFT JOIN (SELECT coalesce(Status, 'b') s FROM Charge) q ON TRUE WHERE coalesce(q.s, 'a') = 'a'",
    ],
    [
      "a name in HAVING that is an output's",
      "SELECT Customer AS Status, Status AS s FROM Charge GROUP BY ALL HAVING Status = 'a'",
    ],
    [
      "an absence",
      "SELECT * FROM Customer c LEFT JOIN (SELECT Id, 1 AS one FROM Charge) q ON TRUE WHERE q.one IS NULL",
    ],
    ["the kept side of an outer join", "SELECT * FROM (SELECT * FROM Charge) q LEFT JOIN Customer c ON q.Status = 'a'"],
    [
      "a recursive table",
      "WITH RECURSIVE q AS (SELECT Id, Status FROM Charge UNION ALL SELECT Id, Status FROM q WHERE FALSE) SELECT * FROM q WHERE Status = 'a'",
    ],
  ])("does not hold behind %s", (_, sql) => {
    expect(inner(sql)).toEqual([]);
  });
});

describe("a name", () => {
  it("with a star means all columns of the table that is called so, in a query around too", () => {
    const whole = (sql: string) => [...bindQuery(statementOf(sql, "select").query, planEnvironment()).wholeRelations];
    expect(whole("SELECT q.Email FROM Customer c, LATERAL (SELECT c.*) q")).toEqual([".customer"]);
    expect(whole("SELECT Id FROM Customer c WHERE EXISTS (SELECT c.* FROM Charge c)")).toEqual([".charge"]);
  });

  it("that two tables have binds neither, but where USING makes them one column", () => {
    expect(bound("SELECT 1 FROM Customer c JOIN Charge h ON c.Email = h.Id WHERE Id = 'x'")).toEqual({ c: [], h: [] });
    expect(bound("SELECT 1 FROM Customer c JOIN Charge h USING (Id) WHERE Id = 'x'")).toEqual({
      c: ["Id = 'x'"],
      h: ["Id = 'x'"],
    });
  });

  it("within a subquery is the subquery's own", () => {
    const sql =
      "SELECT 1 FROM Customer c WHERE EXISTS (SELECT 1 FROM Charge c WHERE c.Description = 'a') AND c.Email = 'b'";
    expect(
      tablesOf(sql).map(({ reference, predicates }) => [reference.name, ...predicates.map(printPredicate)]),
    ).toEqual([
      ["Charge", "Description = 'a'"],
      ["Customer", "a condition", "Email = 'b'"],
    ]);
  });

  it("of a common table expression hides the table, and within the expression is the table", () => {
    const named = (sql: string) => tablesOf(sql).map(({ reference }) => reference.name);
    expect(named("WITH Customer AS (SELECT * FROM Charge) SELECT * FROM Customer")).toEqual(["Charge"]);
    expect(
      bound("WITH Customer AS (SELECT * FROM Customer WHERE Email = 'a') SELECT * FROM Customer WHERE Id = 'x'"),
    ).toEqual({
      Customer: ["Email = 'a'"],
    });
    expect(named("WITH Customer AS (SELECT 1 AS Id) SELECT * FROM stripe.Customer")).toEqual(["Customer"]);
  });
});

const oracle = openOracle();
const columns = [
  "Customer.Id",
  "Customer.Email",
  "Customer.Name",
  "Charge.Id",
  "Charge.Customer",
  "Charge.Description",
  "Refund.Id",
  "Refund.Charge",
  "Refund.Description",
];
const tables = ["Customer", "Charge", "Refund"] as const;

beforeAll(async () => {
  await oracle.rows("CREATE SCHEMA whole");
  await oracle.rows("CREATE SCHEMA part");
  const values = "(VALUES ('a'), ('b'), ('c'), (NULL))";
  for (const table of tables) {
    const names = columns.filter((name) => name.startsWith(`${table}.`)).map((name) => name.split(".")[1]);
    await oracle.rows(
      `CREATE TABLE whole.${table} AS SELECT * FROM ${values} a(${names[0]}), ${values} b(${names[1]}), ${values} c(${names[2]}) WHERE hash(a, b, c) % 3 = 0`,
    );
  }
});

/** A predicate of the planner's as SQL; TRUE where it says nothing that a row could fail. */
function sqlOf(predicate: Predicate): string {
  switch (predicate.kind) {
    case "compare":
    case "any-of":
    case "never":
      return printPredicate(predicate);
    case "opaque":
    case "joined":
    case "bounded":
    case "text":
      return "TRUE";
    case "or":
      return `(${predicate.branches.map((branch) => branch.map(sqlOf).join(" AND ")).join(" OR ")})`;
  }
}

async function rowsOf(schema: string, sql: string): Promise<readonly string[]> {
  await oracle.rows(`SET search_path = '${schema}'`);
  return (await oracle.rows(sql)).map((row) => JSON.stringify(row)).sort();
}

const conditionOn = (known: readonly string[]): fc.Arbitrary<string> => {
  const column = fc.constantFrom(...known);
  const literal = fc.constantFrom("'a'", "'b'", "'z'", "NULL");
  const operator = fc.constantFrom("=", "=", "<>", "<", ">=");
  const atom = fc.oneof(
    fc.tuple(column, operator, literal).map((parts) => parts.join(" ")),
    fc.tuple(column, column).map(([left, right]) => `${left} = ${right}`),
    fc.tuple(column, literal, literal).map(([left, low, high]) => `${left} BETWEEN ${low} AND ${high}`),
    fc.tuple(column, literal, literal).map(([left, one, two]) => `${left} IN (${one}, ${two})`),
    fc.tuple(column, literal).map(([left, one]) => `${left} NOT IN (${one})`),
    column.map((left) => `${left} IS NULL`),
    column.map((left) => `coalesce(${left}, 'a') = 'a'`),
  );
  const combined = fc.oneof(
    { weight: 4, arbitrary: atom },
    { weight: 1, arbitrary: atom.map((inner) => `NOT (${inner})`) },
    { weight: 1, arbitrary: fc.tuple(atom, atom).map(([left, right]) => `(${left} OR ${right})`) },
  );
  return fc.array(combined, { minLength: 1, maxLength: 3 }).map((conjuncts) => conjuncts.join(" AND "));
};

const join = fc.constantFrom("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
const two = columns.slice(0, 6);
const inner = columns.slice(3);
const outer = columns.filter((name) => !name.startsWith("Charge."));
const filtered = (sql: string, where: string, isFiltered: boolean): string =>
  isFiltered ? `${sql} WHERE ${where}` : sql;
const nested = fc
  .tuple(join, conditionOn(inner), join, conditionOn(columns), conditionOn(columns), fc.boolean())
  .map(([first, firstOn, second, secondOn, where, isFiltered]) =>
    filtered(
      `SELECT * FROM Customer ${second} (Charge ${first} Refund ON ${firstOn}) ON ${secondOn}`,
      where,
      isFiltered,
    ),
  );
const hiding = fc
  .tuple(fc.constantFrom("SEMI", "ANTI"), conditionOn(two), join, conditionOn(outer), conditionOn(outer), fc.boolean())
  .map(([first, firstOn, second, secondOn, where, isFiltered]) =>
    filtered(
      `SELECT * FROM Customer ${first} JOIN Charge ON ${firstOn} ${second} Refund ON ${secondOn}`,
      where,
      isFiltered,
    ),
  );
const chained = fc
  .tuple(join, conditionOn(two), join, conditionOn(columns), conditionOn(columns), fc.boolean())
  .map(
    ([first, firstOn, second, secondOn, where, isFiltered]) =>
      `SELECT * FROM Customer ${first} Charge ON ${firstOn} ${second} Refund ON ${secondOn}${isFiltered ? ` WHERE ${where}` : ""}`,
  );
const query = fc.oneof(chained, nested, hiding);

describe("rows that a table's predicates leave out", () => {
  it("change no join's result", async () => {
    await fc.assert(
      fc.asyncProperty(query, async (sql) => {
        for (const { reference, predicates } of tablesOf(sql)) {
          const where = ["TRUE", ...predicates.map(sqlOf)].join(" AND ");
          await oracle.rows(
            `CREATE OR REPLACE TABLE part.${reference.name} AS SELECT * FROM whole.${reference.name} WHERE ${where}`,
          );
        }
        expect(await rowsOf("part", sql)).toEqual(await rowsOf("whole", sql));
      }),
      { numRuns: 300 },
    );
  });
});
