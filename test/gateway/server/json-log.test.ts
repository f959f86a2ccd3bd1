import { describe, expect, it } from "vitest";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { parsePostgres } from "../../../src/execute/postgres/parse-postgres.js";
import { jsonLog } from "../../../src/gateway/server/json-log.js";
import { readPostgresTree } from "../../../src/syntax/postgres/read-postgres-tree.js";

describe("the gateway's log", () => {
  it("tells that a statement failed, and none of the values that its error quotes", async () => {
    const lines: string[] = [];
    const write = (line: object, text: string) => void lines.push(JSON.stringify({ ...line, text }));
    const log = jsonLog({ info: write, error: write } as Parameters<typeof jsonLog>[0]);
    const sql = "SELECT '4242 personal'::int";
    const [statement] = readPostgresTree(await parsePostgres(sql), sql, {
      ...{ defaultSchema: "stripe", writesIsoDates: true },
    });
    if (statement === undefined) throw new RangeError("no statement was read");
    const session = log.session({ user: "analyst", database: "shop", address: "127.0.0.1", settings: new Map() });
    const error = new StripeSqlError('invalid input syntax for type integer: "4242 personal"', {
      ...{ sqlState: "22P02", phase: "execute", detail: "4242 personal" },
    });
    session.begin(statement)({ rows: 0, requests: 0, error });
    expect(lines.join("\n")).toContain('"sqlState":"22P02"');
    expect(lines.join("\n")).not.toContain("4242");
  });
});
