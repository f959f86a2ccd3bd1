import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { BoundTable } from "../../../src/plan/names/bind-query.js";
import { bindQuery } from "../../../src/plan/names/bind-query.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { printPredicate } from "../../../src/plan/predicate/predicate.js";
import { openOracle } from "../../support/oracle.js";
import { planEnvironment, statementOf } from "../../support/statement-planning.js";

function tablesOf(sql: string): readonly BoundTable[] {
  return bindQuery(statementOf(sql, "select").query, planEnvironment()).tables;
}

/** What binds each mention of a table, but for what no rule reads. */
function bound(sql: string): Readonly<Record<string, readonly string[]>> {
  const readable = ({ predicates }: BoundTable) =>
    predicates.filter(({ kind }) => kind !== "opaque").map(printPredicate);
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

describe("a name", () => {
  it("that two tables have binds neither", () => {
    expect(bound("SELECT 1 FROM Customer c JOIN Charge h USING (Id) WHERE Id = 'x'")).toEqual({ c: [], h: [] });
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
