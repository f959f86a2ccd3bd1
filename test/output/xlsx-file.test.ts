import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import type { ResultColumn, Row } from "../../src/driver/api.js";
import { xlsxFile } from "../../src/output/xlsx-file.js";
import { rowStream } from "../repl/fake-connection.js";

async function workbook(columns: readonly ResultColumn[], rows: readonly Row[]) {
  const { bytes, notes } = await xlsxFile(rowStream({ columns, rows }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  const file = Buffer.concat(chunks);
  const { sheets } = await readXlsx(file, { readStyles: true });
  return { file, sheets, cells: sheets[0]?.rows ?? [], notes: notes() };
}

describe("a workbook", () => {
  it("has numbers where a cell keeps them, and texts where it would round them", async () => {
    const columns = [
      { name: "Rate", type: "DOUBLE" },
      { name: "Large", type: "BIGINT" },
      { name: "Exact", type: "DECIMAL" },
    ];
    const { cells } = await workbook(columns, [
      { Rate: 0.14285714285714285, Large: 1234567890123456n, Exact: "12345.12345678901" },
      { Rate: 0.5, Large: 123456789012345n, Exact: "1234.12345678901" },
    ]);
    expect(cells[1]).toEqual([0.14285714285714285, "1234567890123456", "12345.12345678901"]);
    expect(cells[2]).toEqual([0.5, 123456789012345, 1234.12345678901]);
  });

  it("has the columns' headings, and values of their types", async () => {
    const columns = [
      { name: "Id", type: "VARCHAR" },
      { name: "Amount", type: "BIGINT" },
      { name: "Rate", type: "DECIMAL" },
      { name: "Created", type: "TIMESTAMPTZ" },
      { name: "Day", type: "DATE" },
      { name: "Live", type: "BOOLEAN" },
      { name: "Metadata", type: "JSON" },
      { name: "Id_2", heading: "Id", type: "VARCHAR" },
    ];
    const row = {
      ...{ Id: "ch_1", Amount: 1500, Rate: "0.05", Created: new Date("2026-10-01T08:30:00.25Z"), Day: "2026-10-01" },
      ...{ Live: true, Metadata: { k: "v" }, Id_2: "" },
    };
    const nothing = Object.fromEntries(columns.map(({ name }) => [name, null]));
    const { cells, notes } = await workbook(columns, [row, nothing]);
    expect(notes).toEqual([]);
    expect(cells[0]).toEqual(["Id", "Amount", "Rate", "Created", "Day", "Live", "Metadata", "Id"]);
    expect(cells[1]?.slice(0, 7)).toEqual([
      ...["ch_1", 1500, 0.05, new Date("2026-10-01T08:30:00.25Z"), new Date("2026-10-01T00:00:00Z")],
      ...[true, '{"k":"v"}'],
    ]);
    expect((cells[2] ?? []).every((cell) => cell === null || cell === "")).toBe(true);
  });

  it("keeps as texts what a cell would round", async () => {
    const columns = [
      { name: "n", type: "BIGINT" },
      { name: "d", type: "DECIMAL" },
      { name: "f", type: "DOUBLE" },
    ];
    const { cells } = await workbook(columns, [
      { n: 9_007_199_254_740_993n, d: "1234567890123.123456", f: Number.POSITIVE_INFINITY },
      { n: -9_007_199_254_740_991n, d: "-12.500000000000", f: 1e21 },
    ]);
    expect(cells.slice(1)).toEqual([
      ["9007199254740993", "1234567890123.123456", "Infinity"],
      ["-9007199254740991", -12.5, 1e21],
    ]);
  });

  it("has no formulas, whatever a text begins with", async () => {
    const texts = ["=1+1", '=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "_x0041_", "a\u0007b", "<b>&"];
    const { cells, sheets } = await workbook(
      [{ name: "t", type: "VARCHAR" }],
      texts.map((t) => ({ t })),
    );
    expect(cells.slice(1).map(([cell]) => cell)).toEqual(texts);
    expect([...(sheets[0]?.cells?.values() ?? [])].filter(({ formula }) => formula !== undefined)).toEqual([]);
  });

  it("says of texts that no cell holds that they are cut", async () => {
    const { cells, notes } = await workbook([{ name: "t", type: "VARCHAR" }], [{ t: "x".repeat(40_000) }]);
    expect(String(cells[1]?.[0])).toHaveLength(32_767);
    expect(notes).toEqual(["1 text is cut, as a cell holds 32767 characters"]);
  });

  it("has times before 1901 as texts", async () => {
    const { cells } = await workbook([{ name: "d", type: "DATE" }], [{ d: "1869-12-31" }]);
    expect(cells[1]).toEqual(["1869-12-31"]);
  });
});
