import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../src/repl/command-line.js";

const parse = (...args: string[]) => parseCommandLine(args, "0.1.0");
const nothing = {
  kind: "query",
  connection: undefined,
  overrides: undefined,
  scripts: undefined,
  variables: [],
  queriesFolder: undefined,
  readsRc: true,
  format: "table",
  outputFile: undefined,
  chart: undefined,
  agreesToWrites: false,
};

describe("a command line that is refused", () => {
  it.each([
    [["--formt", "csv"], "error: unknown option '--formt'\n(Did you mean --format?)\n"],
    [
      ["--format", "xml"],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are table, csv, json, jsonl, markdown, html, parquet, xlsx, svg, png.\n",
    ],
    [["--format", "parquet"], "error: --format parquet needs -o FILE, or -o - for standard output\n"],
    [["--format", "xlsx"], "error: --format xlsx needs -o FILE, or -o - for standard output\n"],
    [["--format", "png"], "error: --format png needs -o FILE, or -o - for standard output\n"],
    [
      ["--format", "csv", "--plot", "bar"],
      "error: --plot draws as text, or with --format svg or png as a picture, and not as csv\n",
    ],
    [
      ["--plot", "baar"],
      "error: option '--plot <chart>' argument 'baar' is invalid. there is no chart \"baar\". Did you mean \"bar\"?\n",
    ],
    [["-c"], "error: option '-c, --command <sql>' argument missing\n"],
    [
      ["--set", "ReadOnly"],
      "error: option '--set <Name=Value>' argument 'ReadOnly' is invalid. It must be Name=Value.\n",
    ],
    [
      ["-v", "1a=b"],
      "error: option '-v, --variable <name=value>' argument '1a=b' is invalid. It must be name=value, the name of letters, digits and _.\n",
    ],
    [
      ["sandbox", "--port", "x"],
      "error: option '--port <number>' argument 'x' is invalid. It must be a whole number.\n",
    ],
    [["SELECT 1"], 'error: unexpected argument "SELECT 1": a statement is given with -c\n'],
    [["connection", "check"], "error: missing required argument 'file'\n"],
    [["connection", "chek", "a.yaml"], "error: unknown command 'chek'\n(Did you mean check?)\n"],
    [
      ["connection", "check", "a.yaml", "--format", "xml"],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json.\n",
    ],
    [["connection", "schema", "a"], "error: too many arguments for 'schema'. Expected 0 arguments but got 1.\n"],
    [["serve"], "error: serve needs --http PORT, --postgres PORT, or both\n"],
    [["serve", "--http", "65536"], "error: option '--http <port>' argument '65536' is invalid. It must be a port.\n"],
    [["serve", "--http", "80", "--token", "t"], "error: unknown option '--token'\n"],
  ])("says what is wrong with %j", (args, text) => {
    expect(parse(...args)).toEqual({ kind: "print", text, status: 2 });
  });
});

describe("a command line", () => {
  it("without anything is the REPL or a script on standard input", () => {
    expect(parse()).toEqual(nothing);
  });

  it("may give several scripts and files, which run in its order", () => {
    expect(parse("-c", "SELECT 1", "-f", "a.sql", "--command", "SELECT 2", "--file", "-")).toEqual({
      ...nothing,
      scripts: [
        { kind: "text", text: "SELECT 1" },
        { kind: "file", path: "a.sql" },
        { kind: "text", text: "SELECT 2" },
        { kind: "file", path: "-" },
      ],
    });
  });

  it("may set variables, and say where the REPL finds what is a person's own", () => {
    expect(parse("-v", "a=1", "--variable", "b=x=y", "--queries", "reports", "--no-rc")).toEqual({
      ...nothing,
      variables: [
        ["a", "1"],
        ["b", "x=y"],
      ],
      queriesFolder: "reports",
      readsRc: false,
    });
    expect(parse("-X")).toEqual({ ...nothing, readsRc: false });
  });

  it("has a connection, and properties that go before its own", () => {
    for (const connection of ["ApiKey=sk_test_a;", "stripe-eu.yaml", "main.tf.json#stripe_eu"]) {
      expect(parse("--connection", connection, "--set", 'Name=a;"b"', "--set", "Timeout=5", "--sandbox")).toEqual({
        ...nothing,
        connection,
        overrides: 'Name="a;""b""";Timeout="5";Sandbox=true',
      });
    }
  });

  it("checks connection files and prints their schema", () => {
    expect(parse("connection", "check", "a.yaml", "b.tf.json#c")).toEqual({
      kind: "connection check",
      files: ["a.yaml", "b.tf.json#c"],
      format: "text",
    });
    expect(parse("connection", "check", "--format", "json", "a.yaml")).toMatchObject({ format: "json" });
    expect(parse("connection", "schema")).toEqual({ kind: "connection schema" });
  });

  it("asks for conformance", () => {
    expect(parse("conformance", "--sandbox")).toEqual({
      kind: "conformance",
      connection: undefined,
      overrides: "Sandbox=true",
      tables: [],
      write: false,
      fixtures: undefined,
      maxRequests: undefined,
      format: "table",
    });
    const args = ["--write", "--table", "Customer", "--table", "v2.Account", "--fixtures", "f", "--max-requests", "9"];
    expect(parse("conformance", ...args, "--format", "json", "--connection", "a.yaml")).toMatchObject({
      tables: ["Customer", "v2.Account"],
      write: true,
      fixtures: "f",
      maxRequests: 9,
      format: "json",
      connection: "a.yaml",
    });
  });

  it("says where results go, and how", () => {
    expect(parse("-c", "SELECT 1", "--format", "parquet", "-o", "a.parquet")).toEqual({
      ...nothing,
      scripts: [{ kind: "text", text: "SELECT 1" }],
      format: "parquet",
      outputFile: "a.parquet",
    });
  });

  it.each([
    ["rows.csv", "csv"],
    ["rows.XLSX", "xlsx"],
    ["rows.txt", "table"],
    ["rows", "table"],
    ["-", "table"],
  ])("has the format that -o's file is called after, %s, where none is said", (file, format) => {
    expect(parse("-c", "SELECT 1", "-o", file)).toMatchObject({ format, outputFile: file });
    expect(parse("-c", "SELECT 1", "--format", "json", "-o", file)).toMatchObject({ format: "json" });
  });

  it("says what is drawn of results", () => {
    expect(parse("-c", "SELECT 1", "--format", "svg", "--plot", 'line "the month" mrr by currency')).toEqual({
      ...nothing,
      scripts: [{ kind: "text", text: "SELECT 1" }],
      format: "svg",
      chart: { kind: "line", x: "the month", y: "mrr", by: "currency" },
    });
  });

  it("starts the sandbox alone", () => {
    expect(parse("sandbox")).toEqual({ kind: "sandbox", options: { port: 12111 } });
    expect(
      parse(
        "sandbox",
        "--port",
        "0",
        "--customers",
        "9",
        "--seed",
        "3",
        "--file",
        "a.db",
        "--latency",
        "20",
        "--rps",
        "25",
      ),
    ).toEqual({
      kind: "sandbox",
      options: { port: 0, customers: 9, seed: 3, file: "a.db", latencyMs: 20, requestsPerSecond: 25 },
    });
  });

  it("serves connections over HTTP", () => {
    expect(parse("serve", "--http", "0")).toEqual({
      kind: "serve",
      host: "127.0.0.1",
      files: [],
      http: { port: 0, tokenFile: undefined },
      postgres: undefined,
    });
    const files = ["--connection", "a.yaml", "--connection", "b.tf.json"];
    expect(parse("serve", "--http", "8080", "--host", "::1", "--token-file", "token", ...files)).toEqual({
      kind: "serve",
      host: "::1",
      files: ["a.yaml", "b.tf.json"],
      http: { port: 8080, tokenFile: "token" },
      postgres: undefined,
    });
  });

  it("serves connections to clients of PostgreSQL", () => {
    expect(parse("serve", "--postgres", "0", "--trust-loopback")).toMatchObject({
      http: undefined,
      postgres: { port: 0, users: undefined, trustsLoopback: true, tls: undefined },
    });
    const files = ["--users", "users.yaml", "--tls-cert", "a.pem", "--tls-key", "b.pem"];
    expect(parse("serve", "--http", "0", "--postgres", "5433", "--max-connections", "7", ...files)).toMatchObject({
      http: { port: 0 },
      postgres: { port: 5433, users: "users.yaml", tls: { certificate: "a.pem", key: "b.pem" }, maxConnections: 7 },
    });
    expect(parse("serve", "--postgres", "0", "--engine-timeout", "5", "--metrics", "9464")).toMatchObject({
      postgres: { engineTimeoutMs: 5000, metricsPort: 9464 },
    });
    expect(parse("serve", "--http", "0", "--metrics", "9464")).toMatchObject({ status: 2 });
    expect(parse("serve")).toMatchObject({ status: 2, text: expect.stringContaining("--http PORT, --postgres PORT") });
    expect(parse("serve", "--postgres", "0", "--tls-cert", "a.pem")).toMatchObject({ status: 2 });
  });

  it("prints its version and its help", () => {
    expect(parse("--version")).toEqual({ kind: "print", text: "0.1.0\n", status: 0 });
    expect(parse("--help")).toMatchObject({ kind: "print", status: 0 });
    for (const command of [["sandbox"], ["connection"], ["connection", "check"], ["connection", "schema"]]) {
      expect(parse(...command, "--help")).toMatchObject({ kind: "print", status: 0 });
    }
    expect(parse("connection")).toMatchObject({ kind: "print", status: 2, text: expect.stringContaining("Usage:") });
  });
});
