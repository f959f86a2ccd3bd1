import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileSink } from "../../src/repl/file-sink.js";
import { resultFileTarget } from "../../src/repl/result-target.js";
import { StreamSink } from "../../src/repl/stream-sink.js";
import { OutputClosed } from "../../src/repl/text-sink.js";
import { CollectedStream } from "./collected-stream.js";
import { rowStream } from "./fake-connection.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-sink-"));
  path = join(folder, "result");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("a result's file", () => {
  it("appears whole", async () => {
    const sink = await FileSink.open(path);
    await sink.write("a".repeat(70_000));
    await sink.write("b");
    expect(existsSync(path)).toBe(false);
    await sink.close();
    expect(readFileSync(path, "utf8")).toBe(`${"a".repeat(70_000)}b`);
    expect(readdirSync(folder)).toEqual(["result"]);
  });

  it("stays as it was where the statement fails", async () => {
    writeFileSync(path, "yesterday's");
    const sink = await FileSink.open(path);
    await sink.write("today's");
    await sink.discard();
    expect(readFileSync(path, "utf8")).toBe("yesterday's");
    expect(readdirSync(folder)).toEqual(["result"]);
  });

  it("keeps its mode and owner", async () => {
    writeFileSync(path, "private", { mode: 0o600 });
    chmodSync(path, 0o640);
    await writeWhole("new");
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("stays where a link leads, though it is yet to come", async () => {
    const link = join(folder, "link");
    symlinkSync("result", link);
    for (const text of ["first", "second"]) {
      await writeWhole(text, link);
      expect(readFileSync(path, "utf8")).toBe(text);
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["link", "result"]);
  });

  it("keeps its other names", async () => {
    writeFileSync(path, "a longer text than the new one");
    linkSync(path, join(folder, "other"));
    await writeWhole("new");
    expect(readFileSync(join(folder, "other"), "utf8")).toBe("new");
  });

  it("is written through where it is no file that could be replaced", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const read = readFile(pipe, "utf8");
    await writeWhole("through", pipe);
    expect(await read).toBe("through");
    expect(statSync(pipe).isFIFO()).toBe(true);
    const parquet = readFile(pipe);
    await resultFileTarget(pipe, { format: "parquet", standardOutput: new CollectedStream() }).put(
      rowStream({ columns: [{ name: "N", type: "BIGINT" }], rows: [] }),
    );
    expect((await parquet).subarray(0, 4).toString()).toBe("PAR1");
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });

  async function writeWhole(text: string, to = path): Promise<void> {
    const sink = await FileSink.open(to);
    await sink.write(text);
    await sink.close();
  }
});

describe("an output stream", () => {
  it("gets the rows of one page in one write", async () => {
    const stream = new CollectedStream();
    let writes = 0;
    stream.on("text", () => {
      writes += 1;
    });
    const sink = new StreamSink(stream);
    await sink.write("a");
    await sink.write("b");
    expect(stream.text).toBe("");
    await stream.until("ab");
    expect(writes).toBe(1);
  });

  it("tells at once that its reader has gone, and refuses further text", async () => {
    const stream = new CollectedStream();
    let isClosed = false;
    const onClosed = () => {
      isClosed = true;
    };
    const sink = new StreamSink(stream, { onClosed });
    stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    expect(isClosed).toBe(true);
    await expect(sink.write("a")).rejects.toThrow(OutputClosed);
  });
});

describe("an output stream that fails", () => {
  class FullDisk extends CollectedStream {
    override _write(_chunk: Buffer | string, _encoding: BufferEncoding, done: (error?: Error) => void): void {
      done(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" }));
    }
  }

  it("is told at the latest when all should have gone out", async () => {
    const failures: Error[] = [];
    const sink = new StreamSink(new FullDisk(), { onClosed: (failure) => failures.push(failure) });
    await sink.write("a");
    await expect(sink.close()).rejects.toThrow("ENOSPC");
    expect(failures).toHaveLength(1);
  });
});

describe("a Parquet file", () => {
  const columns = [
    { name: "Id", type: "VARCHAR" },
    { name: "Amount", type: "BIGINT" },
    { name: "Created", type: "TIMESTAMPTZ" },
    { name: "Rate", type: "DECIMAL" },
    { name: "Live", type: "BOOLEAN" },
    { name: "Metadata", type: "JSON" },
    { name: "Day", type: "DATE" },
    { name: "Tags", type: "VARCHAR[]" },
  ];
  const row = {
    Id: 'a "b"',
    Amount: 9007199254740993n,
    Created: new Date("2026-10-01T08:30:00Z"),
    Rate: "0.000000000001",
    Live: false,
    Metadata: { k: "v" },
    Day: "2026-10-01",
    Tags: ["x", "y"],
  };
  const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));

  it("keeps every column's type and value", async () => {
    await resultFileTarget(path, { format: "parquet", standardOutput: new CollectedStream() }).put(
      rowStream({ columns, rows: [row, empty] }),
    );
    expect(readdirSync(folder)).toEqual(["result"]);
    const read = await readParquet(path);
    expect(read.types).toEqual([
      "VARCHAR",
      "BIGINT",
      "TIMESTAMP WITH TIME ZONE",
      "DECIMAL(38,12)",
      "BOOLEAN",
      "JSON",
      "DATE",
      "VARCHAR[]",
    ]);
    expect(read.rows).toEqual([
      [
        'a "b"',
        "9007199254740993",
        "2026-10-01 08:30:00+00",
        "0.000000000001",
        false,
        '{"k":"v"}',
        "2026-10-01",
        ["x", "y"],
      ],
      [null, null, null, null, null, null, null, null],
    ]);
  });

  it("holds one result only", async () => {
    const target = resultFileTarget(path, { format: "parquet", standardOutput: new CollectedStream() });
    await target.put(rowStream({ columns, rows: [row] }));
    await expect(target.put(rowStream({ columns, rows: [row] }))).rejects.toMatchObject({ sqlState: "0A000" });
  });

  it("is not left behind half-written", async () => {
    const failing = rowStream({ columns, rows: [row, new Error("page 2")] });
    await expect(
      resultFileTarget(path, { format: "parquet", standardOutput: new CollectedStream() }).put(failing),
    ).rejects.toThrow("page 2");
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function readParquet(file: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const source = `read_parquet('${file}')`;
  const schema = await connection.runAndReadAll(`SELECT column_type FROM (DESCRIBE SELECT * FROM ${source})`);
  const reader = await connection.runAndReadAll(`SELECT * FROM ${source}`);
  const answer = { types: schema.getRowsJson().map(([type]) => type), rows: reader.getRowsJson() };
  connection.closeSync();
  instance.closeSync();
  return answer;
}
