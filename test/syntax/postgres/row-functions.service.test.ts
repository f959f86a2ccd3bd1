import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresRowFunctions, rowFunctions } from "../../../src/plan/names/row-functions.js";
import type { PostgresServer } from "../../support/postgres-server.js";
import { startPostgresServer } from "../../support/postgres-server.js";
import { postgresQuery } from "../../support/read-postgres.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgresServer();
});
afterAll(() => postgres.close());

/** What has syntax of its own, and is no function there. */
const words = new Set(
  "current_catalog current_role current_time current_user localtime localtimestamp session_user user".split(" "),
);

it("what the planner takes for a function of one row's values is one in PostgreSQL, under the name that it reads", async () => {
  const functions = postgres.rows(
    "SELECT DISTINCT proname, prokind, proretset FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^[a-z0-9_]+$'",
  );
  const many = functions.flatMap(([name, kind, isSet]) => (kind !== "f" || isSet === "t" ? [name ?? ""] : []));
  const taken: string[] = [];
  for (const name of new Set(many)) {
    const query = await postgresQuery(`SELECT pg_catalog.${name}(1)`);
    const expression = query.kind === "select" ? query.items[0]?.expression : undefined;
    if (expression?.kind === "call" && rowFunctions.has(expression.name)) taken.push(name);
  }
  expect(many.length).toBeGreaterThan(100);
  expect(taken).toEqual([]);
  const known = new Set(functions.map(([name]) => name));
  expect(postgresRowFunctions.filter((name) => !known.has(name) && !words.has(name))).toEqual([]);
});
