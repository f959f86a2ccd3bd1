import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePlot } from "../../../src/repl/commands/plot-query.js";
import { testFolder } from "../../support/folder.js";
import type { FakeResult } from "../fake-connection.js";
import { pipedSession } from "../repl-session.js";

const results: Readonly<Record<string, FakeResult>> = {
  "SELECT plans": {
    columns: [
      { name: "Plan", type: "VARCHAR" },
      { name: "Amount", type: "BIGINT", currency: "Currency" },
      { name: "Currency", type: "VARCHAR" },
    ],
    rows: [
      { Plan: "basic", Amount: 1000, Currency: "usd" },
      { Plan: "pro", Amount: 4950, Currency: "usd" },
      { Plan: null, Amount: 1, Currency: "usd" },
    ],
  },
  "SELECT nothing": { columns: [{ name: "N", type: "BIGINT" }], rows: [] },
  "SELECT wrong": { rows: [new Error("out of luck")] },
  UPDATE: { summary: { command: "UPDATE", rowCount: 5 } },
};

const session = (...lines: readonly string[]) => pipedSession(lines, { results });

const drawn = [
  "Amount (USD) by Plan",
  "",
  "basic │█████████████▌ 10.00",
  "pro   │███████████████████████████████████████████████████████████████████ 49.50",
  "",
].join("\n");

describe("\\plot's words", () => {
  it("say what is drawn, and where to", () => {
    expect(parsePlot(["bar", "month", "mrr", "by", "currency", "to", "a.svg;"])).toEqual({
      chart: { kind: "bar", x: "month", y: "mrr", by: "currency" },
      picture: { file: "a.svg", format: "svg" },
    });
    expect(parsePlot(["hist", "Amount;"])).toEqual({ chart: { kind: "hist", x: "Amount" }, picture: undefined });
    expect(parsePlot(["TO", "A.PNG", ";"])).toEqual({ chart: {}, picture: { file: "A.PNG", format: "png" } });
  });

  it.each([
    [["to"], "\\plot needs a file after to"],
    [["bar", "to", "a.gif"], '\\plot writes svg and png, which "a.gif" is not named after'],
    [["to", "a.svg", "b"], '\\plot: "b" is one word too many'],
    [["cake"], 'there is no chart "cake"'],
  ])("are refused: %j", (words, message) => {
    expect(() => parsePlot(words)).toThrow(message);
  });
});

describe("\\plot", () => {
  it("draws the last statement, or the one being typed", async () => {
    const { output, errors, statements } = await session("SELECT plans;", "\\plot bar", "SELECT plans \\plot bar Plan");
    expect(output.split(drawn)).toHaveLength(3);
    expect(statements).toEqual(["SELECT plans", "SELECT plans", "SELECT plans"]);
    expect(errors).toBe('NOTICE:  1 row without "Plan" left out\n'.repeat(2));
  });

  it("has amounts in their currency once, whatever \\money says", async () => {
    const { output } = await session("\\money on", "SELECT plans \\plot bar");
    expect(output).toContain(drawn);
  });

  it("draws into the file that results go to", async () => {
    const file = join(testFolder().path, "out.txt");
    await session(`\\o ${file}`, "SELECT plans \\plot bar", "\\o");
    expect(readFileSync(file, "utf8")).toBe(drawn);
  });

  it("writes a picture", async () => {
    const file = join(testFolder().path, "plans.svg");
    const { output, errors } = await session(`SELECT plans \\plot bar to ${file}`);
    expect(errors).toBe('NOTICE:  1 row without "Plan" left out\n');
    expect(output).toContain(`PLOT ${file}\n`);
    expect(readFileSync(file, "utf8")).toMatch(/^<svg .*Amount \(USD\).*<\/svg>\n$/s);
  });

  it("leaves no picture of a statement that fails, or that has nothing to show", async () => {
    const { path } = testFolder();
    const { errors } = await session(
      `SELECT wrong \\plot to ${join(path, "a.svg")}`,
      `SELECT nothing \\plot to ${join(path, "a.svg")}`,
    );
    expect(errors).toContain("out of luck");
    expect(errors).toContain("ERROR:  there are no rows to show\nSQLSTATE:  02000\n");
    expect(readdirSync(path)).toEqual([]);
  });

  it("sends no write again", async () => {
    const { errors, statements } = await session("UPDATE;", "\\plot");
    expect(statements).toEqual(["UPDATE"]);
    expect(errors).toContain("ERROR:  \\plot runs statements that only read\nHINT:  A write is sent once.\n");
  });

  it("says what it needs", async () => {
    expect((await session("\\plot")).errors).toBe("ERROR:  \\plot: there is no statement to run\n");
    expect((await session("SELECT plans \\plot bar Plna")).errors).toBe(
      'ERROR:  the result has no column "Plna"\nSQLSTATE:  42703\nHINT:  Did you mean "Plan"?\n',
    );
    expect((await session("SELECT plans \\plot bars")).errors).toContain('HINT:  Did you mean "bar"?\n');
  });
});

describe("\\copy", () => {
  it("writes a result as a chart that fits its columns", async () => {
    const file = join(testFolder().path, "plans.svg");
    const { errors } = await session("\\money on", `\\copy (SELECT plans) to ${file}`);
    expect(errors).toBe('NOTICE:  1 row without "Plan" left out\n');
    expect(readFileSync(file, "utf8")).toContain("Amount (USD)");
    expect(existsSync(file)).toBe(true);
  });
});
