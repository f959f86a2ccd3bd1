import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Connection, ConnectOptions, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { plannerRules } from "../../src/plan/planner-rule.js";
import type { GeneratedQuery, QueryFacts } from "../support/generated-query.js";
import { generatedQueries } from "../support/generated-query.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const statements = Number(process.env["PLANNER_STATEMENTS"] ?? 60);
const seed = Number(process.env["PLANNER_SEED"] ?? 7);

const running = connectSandbox({ customers: 140 });
let without: readonly { readonly mode: string; readonly connection: Connection }[] = [];
let facts: QueryFacts;

async function column(sql: string): Promise<readonly string[]> {
  const { rows } = await running.query(sql);
  return rows.map((row) => {
    const [value] = Object.values(row);
    return value instanceof Date ? value.toISOString() : String(value);
  });
}

beforeAll(async () => {
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  const modes: readonly (readonly [string, ConnectOptions])[] = [
    ["pushdown off", { pushdown: false, withoutRules: plannerRules }],
    ["all rules off", { withoutRules: plannerRules }],
    ["Search wherever it can", { search: "always" }],
    ...plannerRules.map((rule): [string, ConnectOptions] => [`${rule} off`, { withoutRules: [rule] }]),
  ];
  without = await Promise.all(
    modes.map(async ([mode, options]) => ({ mode, connection: await connect({ ...target, ...options }) })),
  );
  facts = {
    emails: await column("SELECT Email FROM Customer LIMIT 5"),
    customers: await column("SELECT DISTINCT Customer FROM Charge WHERE Customer IS NOT NULL ORDER BY 1 LIMIT 5"),
    invoices: await column("SELECT Id FROM Invoice LIMIT 3"),
    charges: await column("(SELECT Charge FROM Dispute LIMIT 2) UNION ALL (SELECT Id FROM Charge LIMIT 3)"),
    times: await column("SELECT Created FROM Charge USING SAMPLE reservoir(5 ROWS) REPEATABLE (4)"),
  };
  return async () => {
    for (const { connection } of without) await connection.close();
  };
});

const read = (rows: readonly Row[], { isOrdered }: GeneratedQuery): readonly string[] => {
  const texts = rows.map((row) => JSON.stringify(Object.values(row)));
  return isOrdered ? texts : texts.sort();
};

async function answer(connection: Connection, generated: GeneratedQuery): Promise<unknown> {
  try {
    return read((await connection.query(generated.sql)).rows, generated);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe("whatever the planner saves, the answer is the same", () => {
  test("of generated statements with joins, subqueries, common tables, set operations, windows and limits", async () => {
    const sample = fc.sample(generatedQueries(facts), { numRuns: statements, seed });
    let refused = 0;
    for (const generated of sample) {
      const found = await answer(running.connection, generated);
      if (typeof found === "string") refused += 1;
      for (const { mode, connection } of without)
        expect(await answer(connection, generated), `${mode}: ${generated.sql}`).toEqual(found);
    }
    expect(refused / sample.length).toBeLessThan(0.05);
  });
});
