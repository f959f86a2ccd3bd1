import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readWords } from "../../../src/repl/commands/command-arguments.js";
import { parseCopy } from "../../../src/repl/commands/copy-out.js";
import { parseWatch } from "../../../src/repl/commands/watch-query.js";
import { inHome } from "../../../src/repl/home-path.js";
import { Variables } from "../../../src/repl/input/variables.js";
import { testFolder } from "../../support/folder.js";
import type { FakeResult } from "../fake-connection.js";
import type { SessionOptions } from "../repl-session.js";
import { pipedSession } from "../repl-session.js";

const one: FakeResult = { columns: [{ name: "N", type: "BIGINT" }], rows: [{ N: 1 }] };
const table = " N\n---\n 1\n(1 row)\n";

const results: Readonly<Record<string, FakeResult>> = {
  "SELECT 1": one,
  "SELECT 5": one,
  "SELECT * FROM Customer": one,
  "SELECT N FROM Customer": one,
  "SELECT 2 AS n": { columns: [{ name: "n", type: "BIGINT" }], rows: [{ n: 1 }, { n: 2 }] },
  "SELECT nothing": { columns: [{ name: "N", type: "BIGINT" }] },
  "SELECT texts": {
    columns: [
      { name: "a", type: "VARCHAR" },
      { name: "b", type: "VARCHAR" },
    ],
    rows: [{ a: "it's", b: null }],
  },
  "SELECT wrong": { rows: [new Error("out of luck")] },
  "SHOW TimeZone": { columns: [{ name: "TimeZone", type: "VARCHAR" }], rows: [{ TimeZone: "UTC" }] },
  UPDATE: { summary: { command: "UPDATE", rowCount: 5 } },
};

const session = (lines: readonly string[], options: Partial<SessionOptions> = {}) =>
  pipedSession(lines, { results, ...options });

const errorsOf = async (...lines: readonly string[]) => (await session(lines)).errors;

describe("a backslash command is refused with what is wrong", () => {
  it.each([
    ["\\x maybe", '\\x takes on, off or auto, not "maybe"'],
    ["\\timing 1", '\\timing takes on or off, not "1"'],
    ["\\format parquet", '\\format takes table, csv, json, jsonl, markdown or html, not "parquet"'],
    ["\\i", "\\i needs a file"],
    ["\\d a b", '\\d: "b" is one word too many', "A value with spaces in it stands in single quotes."],
    ["\\echo 'a", "a quotation is not closed"],
    ["\\timng", "unknown command \\timng", 'Did you mean "\\timing"?'],
    ["\\zzzzzzzzz", "unknown command \\zzzzzzzzz", "Try \\? for help."],
    ["\\pset bordr 2", '\\pset has no "bordr"', 'Did you mean "border"?'],
    ["\\pset border 3", '\\pset takes 0, 1 or 2, not "3"'],
    ["\\set a-b 1", 'invalid variable name "a-b"', "A name has letters, digits and _, a letter first."],
    ["\\unset a", 'there is no variable "a"'],
    ["\\g", "\\g: there is no statement to run"],
    ["\\gset", "\\gset: there is no statement to run"],
    ["SELECT 2 AS n \\gset", "\\gset: the statement gave more than one row"],
    ["SELECT nothing \\gset", "\\gset: the statement gave no row"],
    ["SELECT 1 \\watch x", '\\watch takes seconds and c=TIMES, not "x"'],
    ["SELECT 1 \\watch c=0", '\\watch takes seconds and c=TIMES, not "c=0"'],
    ["UPDATE \\watch", "\\watch runs statements that only read", "A write is sent once."],
    ["\\w x.sql", "\\w: there is no statement to write"],
    ["\\save x", "\\save: there is no statement to keep"],
    ["\\run x a", '\\run takes VARIABLE=VALUE, not "a"'],
    ["\\! exit 3", "the command ended with status 3"],
    ["SELECT 1 \\g |exit 3", '"exit 3" ended with 3'],
  ])("%s", async (typed, message, hint?: string) => {
    expect(await errorsOf(typed)).toBe(`ERROR:  ${message}\n${hint === undefined ? "" : `HINT:  ${hint}\n`}`);
  });

  it("and runs nothing of what follows it in its line", async () => {
    expect((await session(["\\x maybe \\\\ SELECT 1;", "SELECT 5;"])).statements).toEqual(["SELECT 5"]);
  });
});

describe("words behind a command", () => {
  it("are read as psql reads them", () => {
    const variables = new Variables([["v", "a b"]]);
    const { words, after } = readWords("  x 'it''s' 'a\\nb'c :v :'v' \":v\" \\timing", variables);
    expect(words).toEqual(["x", "it's", "a\nbc", "a b", "'a b'", '":v"']);
    expect(after).toBe("\\timing");
    expect(readWords("on \\\\ SELECT 1;", variables)).toEqual({ words: ["on"], after: " SELECT 1;" });
  });

  it("begin at home with a tilde", () => {
    expect(["~/a", "~", "~b/c", "a/~/b"].map(inHome)).toEqual([join(homedir(), "a"), homedir(), "~b/c", "a/~/b"]);
  });
});

describe("the statement being typed", () => {
  it("runs by \\g, and again", async () => {
    const { output, statements } = await session(["SELECT", "1", "\\g", "\\g", "SELECT 5 \\gx"]);
    expect(statements).toEqual(["SELECT\n1", "SELECT\n1", "SELECT 5"]);
    expect(output).toContain("-[ RECORD 1 ]\nN | 1\n(1 row)\n");
  });

  it("gives its rows to a file, or a program", async () => {
    const { path } = testFolder();
    const { errors } = await session([
      `SELECT 1 \\g ${join(path, "a.txt")}`,
      "\\format csv",
      `\\g | tr N M > ${join(path, "b.txt")}`,
    ]);
    expect(errors).toBe("");
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe(table);
    expect(readFileSync(join(path, "b.txt"), "utf8")).toBe("M\r\n1\r\n");
  });

  it("leaves the file of \\g as it was where it fails", async () => {
    const { path } = testFolder();
    writeFileSync(join(path, "a.txt"), "before");
    await session([`SELECT wrong \\g ${join(path, "a.txt")}`]);
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("before");
    expect(readdirSync(path)).toEqual(["a.txt"]);
  });

  it("is shown, written and given up", async () => {
    const { path } = testFolder();
    const { output, statements } = await session(["SELECT 1", `\\w ${join(path, "w.sql")}`, "\\p", "\\r", "SELECT 5;"]);
    expect(output).toContain("SELECT 1\n");
    expect(readFileSync(join(path, "w.sql"), "utf8")).toBe("SELECT 1;\n");
    expect(statements).toEqual(["SELECT 5"]);
  });

  it("is edited: what has a semicolon then runs, what has none goes on", async () => {
    const environment = { VISUAL: "sed -i s/0/1/", SHELL: "/bin/sh", PATH: process.env["PATH"] };
    const { statements } = await session(["SELECT 0 \\e", ";", "\\e", "\\e"], { environment });
    expect(statements).toEqual(["SELECT 1"]);
    const again = { ...environment, VISUAL: "sed -i s/1/5/" };
    expect((await session(["SELECT 1;", "\\e"], { environment: again })).statements).toEqual(["SELECT 1", "SELECT 5"]);
    const failing = { ...environment, VISUAL: "false" };
    expect((await session(["SELECT 1 \\e", ";"], { environment: failing })).errors).toContain(
      'the editor "false" ended',
    );
  });

  it("runs again and again, and says what that takes", async () => {
    const { output, statements } = await session(["SELECT 1 \\watch 0 c=3"]);
    expect(statements).toEqual(["SELECT 1", "SELECT 1", "SELECT 1"]);
    expect(output).toContain("(run 3 of 3)\n");
    expect(output).toContain("This run took 1 request, all so far 3 requests.\n");
    expect(parseWatch(["c=2", "0.5"])).toEqual({ seconds: 0.5, count: 2 });
    expect((await session(["SELECT wrong \\watch 0"])).statements).toEqual(["SELECT wrong"]);
  });
});

describe("variables", () => {
  it("stand in statements and commands", async () => {
    const { statements, output } = await session([
      "\\set n 5",
      "SELECT :n;",
      "\\echo :n ':n' \":n\"",
      "\\set",
      "SELECT :'n'",
    ]);
    expect(statements).toEqual(["SELECT 5"]);
    expect(output).toContain('5 :n ":n"\n');
    expect(output).toContain("n = '5'\n");
  });

  it("that are not set are named where a statement with them fails", async () => {
    const { errors } = await session(["SELECT :unset;", "SELECT never;"]);
    expect(errors.match(/^HINT: .*/gm)).toEqual(['HINT:  There is no variable "unset": \\set unset VALUE sets it.']);
  });

  it("are set by a row, and unset by its NULLs", async () => {
    const { output } = await session(["\\set p_b 1", "SELECT texts \\gset p_", "\\set"]);
    expect(output).toContain("p_a = 'it's'\n");
    expect(output).not.toContain("p_b =");
  });
});

describe("files", () => {
  it("run with their commands, each from its own folder by \\ir", async () => {
    const { path } = testFolder();
    mkdirSync(join(path, "inner"));
    writeFileSync(join(path, "a.sql"), "SELECT 1;\n\\ir inner/b.sql\nSELECT 1");
    writeFileSync(join(path, "inner/b.sql"), "\\timing on\n\\ir c.sql");
    writeFileSync(join(path, "inner/c.sql"), "SELECT 5");
    const { output, statements, errors } = await session([`\\i ${join(path, "a.sql")}`]);
    expect({ statements, errors }).toEqual({ statements: ["SELECT 1", "SELECT 5", "SELECT 1"], errors: "" });
    expect(output).toContain("Timing is on.\n");
  });

  it("end at their first failure, and at \\q", async () => {
    const { path } = testFolder();
    writeFileSync(join(path, "a.sql"), "SELECT wrong;\nSELECT 1;");
    writeFileSync(join(path, "b.sql"), "SELECT 5;\n\\q\nSELECT 1;");
    const { statements } = await session([`\\i ${join(path, "a.sql")}`, `\\i ${join(path, "b.sql")}`, "SELECT 1;"]);
    expect(statements).toEqual(["SELECT wrong", "SELECT 5"]);
  });

  it.each([
    ["Customer TO 'a.csv'", { query: "SELECT * FROM Customer", file: "a.csv", format: "csv" }],
    [
      "Customer (Id, Email) to a.parquet",
      { query: "SELECT Id, Email FROM Customer", file: "a.parquet", format: "parquet" },
    ],
    [
      "(SELECT 'to' FROM (SELECT 1)) TO 'it''s.md'",
      { query: "SELECT 'to' FROM (SELECT 1)", file: "it's.md", format: "markdown" },
    ],
    ["Customer TO - WITH (FORMAT jsonl)", { query: "SELECT * FROM Customer", file: "-", format: "jsonl" }],
    ["Customer TO a.csv JSON", { query: "SELECT * FROM Customer", file: "a.csv", format: "json" }],
  ])("are copied to: %s", (line, copy) => expect(parseCopy(line)).toEqual(copy));

  it.each([
    ["Customer", "\\copy says where to: TO 'file'"],
    ["TO 'a.csv'", "\\copy needs a table, or a query in brackets"],
    ["Customer TO", "\\copy needs a file after TO"],
    ["Customer TO a.doc", '\\copy cannot tell the format of "a.doc"'],
    ["Customer TO a.csv cvs", '\\copy has no format "cvs"'],
    ["Customer FROM a.csv", "\\copy reads no file"],
  ])("are not copied to: %s", (line, message) => expect(() => parseCopy(line)).toThrow(message));

  it("that are copied to tell how many rows they hold", async () => {
    const file = join(testFolder().path, "a.csv");
    const { output } = await session([`\\copy Customer (N) TO '${file}'`]);
    expect(output).toContain("COPY 1\n");
    expect(readFileSync(file, "utf8")).toBe("N\r\n1\r\n");
  });

  it("of the history are the owner's alone", async () => {
    const file = join(testFolder().path, "history");
    await session(["SELECT 1;", `\\s ${file}`]);
    expect(readFileSync(file, "utf8")).toBe("SELECT 0;\nSELECT 1;\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("saved queries", () => {
  it("are kept as files, listed, and run with variables of that once", async () => {
    const queriesFolder = join(testFolder().path, "queries");
    const lines = ["SELECT :n", "\\save five", "\\queries", "\\run five n=5", "\\set n 1", "\\run five"];
    const { output, statements, errors } = await session(lines, { queriesFolder });
    expect(errors).toBe("");
    expect(readFileSync(join(queriesFolder, "five.sql"), "utf8")).toBe("SELECT :n;\n");
    expect(output).toContain(`Saved five in ${queriesFolder}.\n`);
    expect(output).toMatch(/^five n=…$/m);
    expect(statements).toEqual(["SELECT 5", "SELECT 1"]);
  });

  it("are listed with the comment that they begin with, and replaced under the same name", async () => {
    const { path: queriesFolder, write } = testFolder();
    write("a.sql", "-- what it is for\n-- and more\nSELECT 1;");
    write("b.txt", "SELECT 2;");
    const { output } = await session(["\\queries", "SELECT 5 \\save a", "\\queries"], { queriesFolder });
    expect(output).toMatch(/a +what it is for\n/);
    expect(output).toContain(`Replaced a in ${queriesFolder}.\n`);
    expect(readdirSync(queriesFolder)).toEqual(["a.sql", "b.txt"]);
  });

  it("need their variables, and take no others", async () => {
    const { path: queriesFolder } = testFolder();
    writeFileSync(join(queriesFolder, "five.sql"), "SELECT :n;");
    const { errors, statements } = await session(["\\run five", "\\run five n=1 m=2", "\\run fve"], { queriesFolder });
    expect(statements).toEqual([]);
    expect(errors).toBe(
      "ERROR:  five needs n\nHINT:  \\run five n=…\n" +
        'ERROR:  five has no variable "m"\n' +
        `ERROR:  there is no saved query "fve" in ${queriesFolder}\nHINT:  Did you mean "five"?\n`,
    );
  });

  it.each(["../five", "a/b", "..", ".five", "a\\b", "/tmp/five", "", "a b", "x".repeat(65)])(
    "have no name such as %j",
    async (name) => {
      const folder = testFolder().path;
      const queriesFolder = join(folder, "queries");
      const { errors } = await session([`SELECT 1 \\save '${name.replaceAll("\\", "\\\\")}'`, `\\run '${name}'`], {
        queriesFolder,
      });
      expect(errors.match(/^ERROR/gm)).toHaveLength(2);
      expect(existsSync(queriesFolder)).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe("how results look", () => {
  it("is set by \\pset", async () => {
    const { output } = await session([
      "\\pset border 2",
      "\\pset null ∅",
      "SELECT texts;",
      "\\pset border 0",
      "SELECT texts;",
      "\\pset",
    ]);
    expect(output).toContain("+------+---+\n| a    | b |\n+------+---+\n| it's | ∅ |\n+------+---+\n(1 row)\n");
    expect(output).toContain("a    b\n---- -\nit's ∅\n(1 row)\n");
    expect(output).toContain('Null display is "∅".\nBorder is 0.\nPager is on.\n');
  });
});
