import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { textFormats } from "../../src/output/output-format.js";
import { printResult } from "../../src/output/print-result.js";
import { testFolder } from "../support/folder.js";
import { ServedStudio } from "./served-studio.js";

const folder = testFolder().path;
const studio = new ServedStudio({ customers: 250, isReadOnly: false, folder });

const exported = (result: string, query: string) => studio.page.send("GET", `/api/results/${result}/export?${query}`);

/** What the command line prints of a statement. */
async function printed(sql: string, format: (typeof textFormats)[number]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of printResult(studio.connection.stream(sql), format, { width: undefined, expanded: "off" }))
    pieces.push(piece);
  return pieces.join("");
}

const customers = "SELECT * FROM Customer ORDER BY Created DESC";
const values = `
  SELECT 1 AS Id, 2 AS Id, 9007199254740993 AS big, NULL AS nothing, 'NULL' AS word, '' AS empty, e'a"b,\\nc|*' AS odd,
    '{"a": [1, null]}'::JSON AS json, [TIMESTAMP '2026-01-31 13:00:00.5'] AS list, 'infinity'::TIMESTAMPTZ AS never,
    TIMESTAMPTZ '2026-01-31 13:00:00+00' AS at, 'NaN'::DOUBLE AS nan, 1.50::DECIMAL(9,2) AS price, true AS yes,
    DATE '2026-01-31' AS day, {'n': 1} AS structure, '\\xAA'::BLOB AS bytes`;

describe("an export", () => {
  test.each(textFormats)(
    "of %s is the text that the command line prints, and asks Stripe for nothing",
    async (format) => {
      for (const sql of [customers, values, "SELECT Id FROM Customer WHERE Id = 'cus_none'"]) {
        const result = await studio.resultOf(sql);
        studio.sandbox.requests.clear();
        const answer = await exported(result, `format=${format}`);
        expect(studio.sandbox.requests.total).toBe(0);
        expect(await answer.text()).toBe(await printed(sql, format));
      }
    },
  );

  test("of parquet is a file of the same rows and types", async () => {
    const answer = await exported(await studio.resultOf(customers), "format=parquet");
    const path = join(folder, "customers.parquet");
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
    const [read, asked] = [
      await studio.connection.query(`SELECT Id, Email, Created, Balance FROM read_parquet('${path}')`),
      await studio.connection.query("SELECT Id, Email, Created, Balance FROM Customer ORDER BY Created DESC"),
    ];
    expect(read.rows).toEqual(asked.rows);
    expect(read.columns.map(({ type }) => type)).toEqual(asked.columns.map(({ type }) => type));
  });

  test("of a workbook and of a picture is of their kind, and says what it leaves out", async () => {
    const result = await studio.resultOf(
      "SELECT 'a' AS plan, 1 AS n UNION ALL SELECT repeat('b', 40000), NULL ORDER BY 1",
    );
    const notes = async () => (await studio.page.ask("GET", `/api/results/${result}`)) as { readonly notes: string[] };
    const workbook = Buffer.from(await (await exported(result, "format=xlsx")).arrayBuffer());
    expect(workbook.subarray(0, 2).toString()).toBe("PK");
    expect((await notes()).notes).toEqual([expect.stringContaining("cut")]);
    expect(await (await exported(result, "format=svg")).text()).toMatch(/^<svg /);
    expect((await notes()).notes).toEqual([expect.stringContaining("left out")]);
    await (await exported(result, "format=csv")).text();
    expect((await notes()).notes).toEqual([]);
  });

  test("of a picture that there cannot be says why", async () => {
    const answer = await exported(await studio.resultOf("SELECT 'a' AS one WHERE false"), "format=svg");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringContaining("lacks") });
  });

  test("is a file to be saved, named after its format", async () => {
    const result = await studio.resultOf("SELECT 1 AS one");
    const nameOf = async (format: string) =>
      (await exported(result, `format=${format}`)).headers.get("content-disposition");
    expect(await nameOf("csv")).toBe(`attachment; filename="result-${result}.csv"`);
    expect(await nameOf("markdown")).toBe(`attachment; filename="result-${result}.md"`);
    expect(await nameOf("table")).toBe(`attachment; filename="result-${result}.txt"`);
    expect(await nameOf("parquet")).toBe(`attachment; filename="result-${result}.parquet"`);
  });

  test("holds all rows of a long result", async () => {
    const answer = await exported(await studio.resultOf("SELECT i FROM range(100000) AS t(i)"), "format=csv");
    const lines = (await answer.text()).split("\r\n");
    expect(lines).toHaveLength(100_002);
    expect(lines.at(-2)).toBe("99999");
  });

  test("of a result that was cut off tells what it holds, and gives that only where it is wanted", async () => {
    const refusal = { kind: "status", status: 400 } as const;
    studio.sandbox.faults.add({ method: "GET", path: "/v1/customers", after: 1, times: 100, effect: refusal });
    const result = await studio.resultOf("SELECT Id FROM Customer").finally(() => studio.sandbox.faults.clear());
    expect(await studio.page.ask("GET", `/api/results/${result}`)).toMatchObject({
      missing: expect.stringContaining("100 rows"),
    });
    const refused = await exported(result, "format=csv");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toEqual({
      message: expect.stringMatching(/^the result is not whole: 100 rows have come before the statement ended with "/),
    });
    const given = await exported(result, "format=csv&partial=true");
    expect(given.headers.get("content-disposition")).toContain(`result-${result}.partial.csv`);
    expect((await given.text()).split("\r\n")).toHaveLength(102);
  });

  test("of a result that still comes is refused", async () => {
    studio.sandbox.faults.add({
      method: "GET",
      path: "/v1/customers",
      times: 9,
      effect: { kind: "delay", milliseconds: 300 },
    });
    const statuses: number[] = [];
    for await (const event of studio.page.run("running", "SELECT Id FROM Customer")) {
      if (event.kind !== "progress" || statuses.length > 0) continue;
      statuses.push((await exported(event.result, "format=csv&partial=true")).status);
      await studio.page.send("DELETE", "/api/runs/running");
    }
    studio.sandbox.faults.clear();
    expect(statuses).toEqual([409]);
  });

  test("of what gives no rows, of no result and in no format is refused", async () => {
    expect((await exported(await studio.resultOf("SET TimeZone = 'UTC'"), "format=csv")).status).toBe(409);
    expect((await exported("99", "format=csv")).status).toBe(404);
    const answer = await exported(await studio.resultOf("SELECT 1"), "format=docx");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining("csv") });
  });
});
