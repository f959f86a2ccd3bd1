import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScript } from "../../src/syntax/parse-script.js";
import { readStatement, serializeSync } from "../support/read-statement.js";
import { duckOutline, outline } from "./outline.js";

const words = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const joined = (separator: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.filter((text) => text !== "").join(separator));

const value = words("a", "x.b", "1", "'s'", "a + 1", "f(a, b)", "count(*)", "CASE WHEN a THEN 1 END", "(a)", "[a, 1]");
const condition = words(
  "a = 1",
  "x.a = u.b OR b",
  "a IN (1, 2) AND b",
  "NOT a",
  "(a = 1)",
  "EXISTS (SELECT 1 FROM e)",
  "a BETWEEN 1 AND 2",
  "a IS NULL",
  "f(a)",
  "(a, b) = (1, 2)",
);
const alias = words("", "", "x", "AS y", '"Z z"', "AS [w]");
const items = fc.array(joined(" ", value, alias), { minLength: 1, maxLength: 3 }).map((list) => list.join(", "));
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant("") }, text);
const tail = joined(
  " ",
  optional(words("ORDER BY a", "ORDER BY a DESC NULLS LAST, 2", "ORDER BY (a), b ASC")),
  optional(words("LIMIT 5", "LIMIT 5 OFFSET 2", "OFFSET 2", "OFFSET 2 LIMIT 5", "FETCH FIRST 3 ROWS ONLY", "LIMIT ?")),
);

const { query } = fc.letrec<{ query: string; block: string; table: string; tables: string; chain: string }>((tie) => ({
  table: fc.oneof(
    { depthSize: "small" },
    joined(" ", words("t", "u", "v", '"T"', "[U]", "`V`"), alias),
    joined("", fc.constant("("), tie("query"), fc.constant(") "), words("d", "AS e")),
  ),
  tables: fc.oneof(
    { depthSize: "small" },
    tie("table"),
    joined(
      " ",
      tie("tables"),
      words("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "FULL OUTER JOIN"),
      tie("table"),
      fc.constant("ON"),
      condition,
    ),
    joined(" ", tie("tables"), words("JOIN", "LEFT JOIN"), tie("table"), words("USING (i)", "USING (i, j)")),
    joined(" ", tie("tables"), words(",", "CROSS JOIN"), tie("table")),
  ),
  block: joined(
    " ",
    words("SELECT", "SELECT DISTINCT", "SELECT ALL"),
    items,
    optional(tie("tables").map((tables) => `FROM ${tables}`)),
    optional(condition.map((where) => `WHERE ${where}`)),
    optional(words("GROUP BY a", "GROUP BY 1, b + 1", "GROUP BY (a)")),
    optional(condition.map((having) => `HAVING ${having}`)),
  ),
  chain: fc.oneof(
    { depthSize: "small" },
    tie("block"),
    joined(" ", tie("chain"), words("UNION", "UNION ALL", "EXCEPT", "INTERSECT"), tie("block")),
    joined("", tie("chain"), words(" UNION (", " UNION ALL (", " EXCEPT ("), tie("query"), fc.constant(")")),
  ),
  query: fc.oneof(
    { depthSize: "small" },
    joined(" ", tie("chain"), tail),
    joined("", fc.constant("WITH c AS ("), tie("query"), fc.constant(") "), tie("chain"), fc.constant(" "), tail),
  ),
}));

const runs = Number(process.env["RUNS"] ?? 200);
const seed = Number(process.env["SEED"] ?? 5);

test("a query's clauses and tables are those of DuckDB's tree, wherever there is one", () => {
  let understood = 0;
  fc.assert(
    fc.property(query, (text) => {
      const [statement] = parseScript(text);
      if (statement?.unparsed === undefined) return;
      const expected = duckOutline(serializeSync(statement.unparsed.sql));
      if (expected === undefined) return;
      understood += 1;
      const read = readStatement(statement);
      if (read.kind !== "select") throw new Error("no query");
      expect(outline(read.query), text).toBe(expected);
    }),
    { numRuns: runs, seed },
  );
  expect(understood).toBeGreaterThan(runs * 0.5);
}, 120_000);
