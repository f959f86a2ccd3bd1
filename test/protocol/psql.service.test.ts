import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { columnType, typeOid, typeSize } from "../../src/gateway/types/column-type.js";
import { cellEncoder } from "../../src/gateway/types/encode-cell.js";
import type { BackendWriter } from "../../src/protocol/backend-writer.js";
import type { FieldDescription } from "../../src/protocol/row-description.js";
import { dataType } from "../../src/value/data-type.js";
import type { SqlType } from "../../src/value/sql-type.js";
import { utc } from "../../src/value/time-zone.js";
import type { CodecServer, CodecServerOptions } from "../support/codec-server.js";
import { startCodecServer } from "../support/codec-server.js";
import { selfSignedCertificate } from "../support/self-signed-certificate.js";

const types: readonly SqlType[] = ["VARCHAR", "BIGINT", "DECIMAL", "TIMESTAMPTZ", "JSON", "BOOLEAN"];
const fields = types.map((type): FieldDescription => {
  const column = columnType(dataType(type));
  return {
    ...{ name: type.toLowerCase(), tableOid: 0, columnNumber: 0, format: "text", typeModifier: column.modifier },
    ...{ typeOid: typeOid(column), typeSize: typeSize(column) },
  };
});
const row = ["é😀", 1999, 1_500_000_000_000n, 1_769_864_400_000_000, { b: [1], a: null }, true] as const;

function answer(sql: string, writer: BackendWriter): void {
  if (sql.startsWith("SELECT")) answerRows(writer);
  else if (sql.startsWith("COPY")) answerCopy(writer);
  else answerMistake(writer);
}

function answerRows(writer: BackendWriter): void {
  writer.rowDescription(fields);
  const encoders = types.map((type) => cellEncoder(dataType(type), { format: "text", zone: utc }));
  writer.dataRows([row, types.map(() => null)], encoders);
  writer.commandComplete("SELECT 2");
}

function answerCopy(writer: BackendWriter): void {
  writer.copyOutResponse({ format: "text", columnCount: 1 });
  writer.copyData(Buffer.from("one\n"));
  writer.copyDone();
  writer.commandComplete("COPY 1");
}

function answerMistake(writer: BackendWriter): void {
  const more = { position: 3, detail: "A detail.", hint: "A hint." };
  writer.noticeResponse({ severity: "NOTICE", sqlState: "00000", message: "noticed" });
  writer.errorResponse({ severity: "ERROR", sqlState: "42601", message: "no such thing", ...more });
}

async function serving(options: Partial<CodecServerOptions> = {}): Promise<CodecServer> {
  const server = await startCodecServer({ passwords: { ann: "pen\u00a0cil" }, answer, ...options });
  onTestFinished(() => server.close());
  return server;
}

interface Client {
  readonly user?: string;
  readonly password?: string;
  readonly connection?: string;
}

/** What psql prints, its errors behind. */
async function psql(
  { port }: CodecServer,
  sql: string,
  { user = "ann", password = "pen cil", connection = "" }: Client = {},
) {
  const target = `host=127.0.0.1 port=${port} user=${user} dbname=stripe connect_timeout=60 ${connection}`;
  const environment = { ...process.env, PGPASSWORD: password, PGCLIENTENCODING: "UTF8", LC_ALL: "C" };
  const run = promisify(execFile)("psql", ["-X", "-A", "-P", "null=(null)", "-c", sql, target], { env: environment });
  return run.then(
    ({ stdout, stderr }) => stdout + stderr,
    ({ stdout, stderr }) => stdout + stderr,
  );
}

const shown = `varchar|bigint|decimal|timestamptz|json|boolean
é😀|1999|1.5|2026-01-31 13:00:00+00|{"a": null, "b": [1]}|t
(null)|(null)|(null)|(null)|(null)|(null)
(2 rows)
`;

it("logs in by SCRAM, and reads rows of every type", async () => {
  const server = await serving();
  expect(await psql(server, "SELECT 1")).toBe(shown);
  expect(server.received).toContain("sasl-initial-response");
});

it("reads an error with all that it says, and a notice", async () => {
  expect(await psql(await serving(), "nothing")).toBe(
    `NOTICE:  noticed
ERROR:  no such thing
LINE 1: nothing
          ^
DETAIL:  A detail.
HINT:  A hint.
`,
  );
});

it("reads what COPY writes", async () => {
  expect(await psql(await serving(), "COPY t TO STDOUT")).toBe("one\n");
});

it("over TLS binds itself to the certificate", async () => {
  for (const kind of ["ecdsa", "rsa"] as const) {
    const certificate = selfSignedCertificate("localhost", [], { kind, hash: "sha384" });
    const server = await serving({ certificate });
    expect(await psql(server, "SELECT 1", { connection: "sslmode=require channel_binding=require" })).toBe(shown);
  }
});

it("refuses a server without TLS where it wants channel binding", async () => {
  const connection = "sslmode=prefer channel_binding=require";
  expect(await psql(await serving(), "SELECT 1", { connection })).toContain("channel binding required");
});

it("is refused with a wrong password and as an unknown user alike", async () => {
  const server = await serving();
  const wrong = await psql(server, "SELECT 1", { password: "pencil" });
  const unknown = await psql(server, "SELECT 1", { user: "bob" });
  expect(wrong).toContain('FATAL:  password authentication failed for user "ann"');
  expect(unknown.replaceAll('"bob"', '"ann"')).toBe(wrong);
});
