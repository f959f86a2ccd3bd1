import { afterAll, beforeAll, expect, it } from "vitest";
import type { PostgresServer } from "../../support/postgres-server.js";
import { startPostgresServer } from "../../support/postgres-server.js";
import { serveGateway } from "../../support/served-gateway.js";
import { answerDifference, clientAnswer, protocols, readOwnTypes } from "./client-answer.mjs";
import { copyTables, textClient } from "./copied-tables.mjs";
import { knownDifferences } from "./known-differences.mjs";
import { readStatements } from "./statement-file.mjs";

const gateway = serveGateway({}, { customers: 60, seed: 7 });
const statements = readStatements();
const files = [...new Set(statements.map(({ file }) => file))];
const ways = Object.keys(protocols);
/** Each statement goes one of the ways, unless all are wanted. */
const wantsEveryWay = process.env["EVERY_PROTOCOL"] === "1";

/** A cursor of the gateway's is read in one format from its first row to its last. */
const waysOf = (text: string) =>
  /^FETCH/i.test(text) ? ways.map((way) => (way === "binary" ? "extended" : way)) : ways;

let postgres: PostgresServer;
let ours: Awaited<ReturnType<typeof openClient>>;
let theirs: Awaited<ReturnType<typeof openClient>>;

async function openClient(address: object) {
  const client = textClient(address);
  await client.connect();
  return { client, ownTypes: await readOwnTypes(client) };
}

beforeAll(async () => {
  postgres = await startPostgresServer();
  const host = "127.0.0.1";
  ours = await openClient({ host, port: gateway.port, user: "analyst", database: "shop" });
  const server = textClient({ host, port: postgres.port, user: "postgres", database: "postgres" });
  await server.connect();
  // As the PostgreSQL within the gateway: sorted by bytes, letters known.
  await server.query("CREATE DATABASE shop TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
  await server.end();
  const copy = { host, port: postgres.port, user: "postgres", database: "shop" };
  const copier = textClient(copy);
  await copier.connect();
  await copyTables(ours.client, copier);
  await copier.end();
  theirs = await openClient({ ...copy, options: "-c search_path=stripe,public" });
});
afterAll(async () => {
  await ours.client.end();
  await theirs.client.end();
  await postgres.close();
});

it("is asked some hundreds of statements, of which at most 1 % stay apart", () => {
  expect(statements.length).toBeGreaterThanOrEqual(400);
  expect(knownDifferences.size).toBeLessThanOrEqual(statements.length / 100);
});

it.each(files)("answers as PostgreSQL does: %s", async (file) => {
  const differing: Record<string, string> = {};
  const expected = statements.filter((statement) => statement.file === file && knownDifferences.has(statement.text));
  for (const [index, { text }] of statements.filter((statement) => statement.file === file).entries()) {
    for (const protocol of wantsEveryWay
      ? waysOf(text)
      : waysOf(text)
          .slice(index % ways.length)
          .slice(0, 1)) {
      const difference = answerDifference(
        text,
        await clientAnswer(ours, text, protocol),
        await clientAnswer(theirs, text, protocol),
      );
      if (difference !== undefined) differing[text] = `${protocol}: ${difference.slice(0, 500)}`;
    }
  }
  expect(differing).toEqual(Object.fromEntries(expected.map(({ text }) => [text, expect.any(String)])));
});
