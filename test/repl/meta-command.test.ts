import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMetaCommand } from "../../src/repl/meta-command.js";

describe("a backslash command", () => {
  it.each([
    ["\\d", { kind: "list", what: "tables", pattern: undefined }],
    ["\\d Customer;", { kind: "describe", name: "Customer" }],
    ["\\dt *item*", { kind: "list", what: "tables", pattern: "*item*" }],
    ["\\df", { kind: "list", what: "procedures", pattern: undefined }],
    ["\\x", { kind: "expanded", value: undefined }],
    ["\\x auto", { kind: "expanded", value: "auto" }],
    ["\\timing on", { kind: "timing", value: "on" }],
    ["\\format csv", { kind: "format", format: "csv" }],
    ["\\o", { kind: "output", file: undefined }],
    ["\\o 'my file.csv'", { kind: "output", file: "my file.csv" }],
    ["\\i script.sql", { kind: "include", file: "script.sql" }],
    ["\\i ~/script.sql", { kind: "include", file: join(homedir(), "script.sql") }],
    ["\\i ~someone/script.sql", { kind: "include", file: "~someone/script.sql" }],
    ["\\i a/~/script.sql", { kind: "include", file: "a/~/script.sql" }],
    ["\\o '~/my file.csv'", { kind: "output", file: join(homedir(), "my file.csv") }],
    ["\\?", { kind: "help" }],
    ["\\q", { kind: "quit" }],
  ])("%s is understood", (line, command) => expect(parseMetaCommand(line)).toEqual(command));

  it.each([
    ["\\x maybe", "\\x takes on, off or auto", undefined],
    ["\\timing 1", "\\timing takes on or off", undefined],
    ["\\format parquet", "\\format takes table, csv, json, jsonl, markdown", undefined],
    ["\\i", "\\i needs a file", undefined],
    ["\\timng", "unknown command \\timng", 'Did you mean "\\timing"?'],
    ["\\zzzzzzzzz", "unknown command \\zzzzzzzzz", "Try \\? for help."],
  ])("%s is refused with what is wrong", (line, message, hint) => {
    expect(parseMetaCommand(line)).toEqual({ kind: "invalid", message, hint });
  });
});
