import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bannerText } from "../../src/repl/repl-text.js";
import type { CollectedStreams } from "./collected-stream.js";
import { terminalStreams } from "./collected-stream.js";
import type { FakeResult } from "./fake-connection.js";
import { description } from "./fake-connection.js";
import { pipedSession, startRepl } from "./repl-session.js";

const one: FakeResult = { columns: [{ name: "N", type: "BIGINT" }], rows: [{ N: 1 }] };
const table = " N\n---\n 1\n(1 row)\n";

const results: Readonly<Record<string, FakeResult>> = {
  "SELECT 1": one,
  "SELECT\n1": one,
  "SELECT forever": { ...one, isEndless: true },
  "UPDATE five": { summary: { command: "UPDATE", rowCount: 5 }, writes: 5 },
  "SHOW TABLES": {
    columns: [{ name: "Table", type: "VARCHAR" }],
    rows: [{ Table: "Customer" }, { Table: "Invoice" }, { Table: "InvoiceItem" }],
  },
  "DESCRIBE Customer": { columns: [{ name: "Column", type: "VARCHAR" }], rows: [{ Column: "Id" }] },
};

const start = (streams: CollectedStreams, mode: "test" | "live" = "test") => startRepl(streams, { results, mode });
const session = (lines: readonly string[], mode: "test" | "live" = "test") => pipedSession(lines, { results, mode });

describe("the REPL", () => {
  it("runs a statement at its semicolon, however many lines it takes", async () => {
    const { output, statements, entries } = await session(["SELECT", "1;"]);
    expect(output).toContain(table);
    expect(statements).toEqual(["SELECT\n1"]);
    expect(entries).toEqual(["SELECT 1;"]);
  });

  it("runs several statements of one line, until one fails", async () => {
    const { statements, errors } = await session(["SELECT 1; SELEC 2; SELECT 1;", "SELECT 1;"]);
    expect(statements).toEqual(["SELECT 1", "SELEC 2", "SELECT 1"]);
    expect(errors).toBe(
      'ERROR:  syntax error at or near "SELEC "\nLINE 1: SELEC 2\n        ^\nSQLSTATE:  42601\n' +
        "NOT RUN:  1 statement, from: SELECT 1\n",
    );
  });

  it("takes a backslash command between the lines of a statement", async () => {
    const { output, statements, entries } = await session(["SELECT", "\\timing", "1;", "SELECT '", "\\q"]);
    expect(output).toContain("Timing is on.");
    expect(statements).toEqual(["SELECT\n1"]);
    expect(entries).toEqual(["\\timing", "SELECT 1;"]);
  });

  it("does not run a last statement that has no semicolon", async () => {
    expect((await session(["SELECT 1"])).statements).toEqual([]);
  });

  it("lists tables by a pattern, and describes one", async () => {
    const { output } = await session(["\\dt item", "\\d Customer"]);
    expect(output).toContain(" Table\n-------------\n InvoiceItem\n(1 row)\n");
    expect(output).toContain(" Column\n--------\n Id\n(1 row)\n");
  });

  it("changes how results look", async () => {
    const { output } = await session(["\\x on", "SELECT 1;", "\\format csv", "SELECT 1;", "\\timing", "SELECT 1;"]);
    expect(output).toContain("Expanded display is on.\n");
    expect(output).toContain("-[ RECORD 1 ]\nN | 1\n(1 row)\n");
    expect(output).toContain("N\r\n1\r\n");
    expect(output).toContain("Time: 12 ms, 1 request\n");
  });

  it("tells the requests of what failed as well", async () => {
    const { output } = await session(["\\timing on", "SELEC 2;"]);
    expect(output).toMatch(/Time: \d+ ms, 0 requests\n/);
  });

  it("names the nearest command to one that there is not", async () => {
    expect((await session(["\\timng"])).errors).toBe(
      'ERROR:  unknown command \\timng\nHINT:  Did you mean "\\timing"?\n',
    );
  });

  it("helps, and leaves, by the words that people try first", async () => {
    const { output, statements } = await session(["help", "exit", "SELECT 1;"]);
    expect(output).toContain("A statement ends with a semicolon");
    expect(statements).toEqual([]);
  });

  it("takes no line that was typed ahead for the consent to a live write", async () => {
    const { errors, statements } = await session(["UPDATE five;", "y", "SELECT 1;"], "live");
    expect(errors).toBe("Nothing was written.\n");
    expect(statements).toEqual(["UPDATE five"]);
  });
});

describe("the REPL's files", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stripe-sql-repl-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("take results until told otherwise", async () => {
    const file = join(folder, "out.txt");
    const { output } = await session([`\\o ${file}`, "SELECT 1;", "\\o", "SELECT 1;"]);
    expect(readFileSync(file, "utf8")).toBe(table);
    expect(output.split(table)).toHaveLength(2);
  });

  it("give statements, the last with or without its semicolon", async () => {
    const file = join(folder, "script.sql");
    writeFileSync(file, "SELECT 1;\n-- and again\nSELECT\n1");
    expect((await session([`\\i ${file}`])).statements).toEqual(["SELECT 1", "-- and again\nSELECT\n1"]);
  });

  it("that cannot be read are named", async () => {
    expect((await session(["\\i /no/such/file"])).errors).toMatch(
      /^ERROR: {2}ENOENT: no such file or directory.*\nSQLSTATE: {2}58P01\n/,
    );
  });
});

/** Pasted text is to be marked, and the line is drawn. */
const idlePrompt = "\u001b[?2004h\r\u001b[Jtest=> ";

describe("the REPL on a terminal", () => {
  it("shows the account's kind, and whether a statement goes on", async () => {
    const streams = terminalStreams();
    const { ended } = start(streams, "live");
    for (const [typed, prompt] of [
      ["", "LIVE=> "],
      ["SELECT\r", "LIVE-> "],
      ["'a\r", "LIVE'> "],
      ["';\r", "LIVE=> "],
    ] as const) {
      streams.output.text = "";
      streams.input.write(typed);
      if (typed !== "") await streams.output.until(prompt);
    }
    streams.input.write("\u0004");
    await ended;
  });

  it("cancels the running statement at Ctrl-C, not the program", async () => {
    const streams = terminalStreams();
    const { ended } = start(streams);
    await streams.output.until("test=> ");
    streams.input.write("SELECT forever;\r");
    await streams.output.until("SELECT forever;\r\n");
    streams.input.write("\u0003");
    await streams.errors.until("57014");
    streams.output.text = "";
    streams.input.write("SELECT 1;\r");
    await streams.output.until("(1 row)");
    streams.input.write("\u0004");
    expect((await ended).errors).toBe("ERROR:  canceling statement due to user request\nSQLSTATE:  57014\n");
  });

  it("gives up what was typed at Ctrl-C, and leaves at the second one in a row", async () => {
    const streams = terminalStreams();
    const { ended } = start(streams);
    await streams.output.until("test=> ");
    streams.input.write("SELECT\r");
    await streams.output.until("test-> ");
    streams.input.write("half\u0003");
    await streams.output.until(`half\u001b[?2004l\n${idlePrompt}`);
    streams.input.write("\u0003");
    await streams.output.until("to leave.");
    streams.input.write("\u0003");
    expect((await ended).statements).toEqual([]);
  });

  it("brings back earlier statements, each with its lines", async () => {
    const streams = terminalStreams();
    const { ended } = start(streams);
    await streams.output.until("test=> ");
    streams.input.write("SELECT\r1;\r");
    await streams.output.until(`(1 row)\n${idlePrompt}`);
    streams.output.text = "";
    streams.input.write("\u001b[A");
    await streams.output.until("test=> SELECT\r\ntest-> 1;");
    streams.input.write("\u001b[A\u001b[A");
    await streams.output.until("SELECT 0;");
    streams.input.write("\u0003\u0004");
    await ended;
  });

  it("writes to a live account once that is confirmed", async () => {
    const streams = terminalStreams();
    const { ended } = start(streams, "live");
    await streams.output.until("LIVE=> ");
    streams.input.write("UPDATE five;\r");
    await streams.output.until("[y/N] ");
    streams.input.write("y\r");
    await streams.output.until("UPDATE 5");
    streams.input.write("\u0004");
    expect((await ended).errors).toBe("");
  });
});

describe("the banner", () => {
  it("says where statements go, with examples for a newcomer", () => {
    expect(bannerText("0.1.0", description, false)).toBe(
      "stripe-sql 0.1.0: Stripe in test mode, https://api.stripe.com\n\\? for help, \\q to leave.\n\n",
    );
    expect(bannerText("0.1.0", { ...description, mode: "live" }, false)).toContain("a LIVE Stripe account");
    expect(bannerText("0.1.0", description, true).match(/;$/gm)).toHaveLength(3);
  });
});
