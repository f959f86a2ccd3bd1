import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CsvForm } from "../../src/value/csv-records.js";
import { csvRecords } from "../../src/value/csv-records.js";

const form: CsvForm = { delimiter: ",", quote: '"', quoteEscape: '"' };
const cells = (text: string) => csvRecords(text.split("\n"), form).map((record) => record.cells);

describe("csvRecords", () => {
  test.each([
    ["", []],
    ["\n\n", []],
    ["a", [["a"]]],
    [",", [["", ""]]],
    ['""', [[""]]],
    ['a,"b,c",d', [["a", "b,c", "d"]]],
    ['"a ""b"" c"', [['a "b" c']]],
    ['a"b"c,d', [['a"b"c', "d"]]],
    [
      '"a\n\nb",c\nd,e',
      [
        ["a\n\nb", "c"],
        ["d", "e"],
      ],
    ],
    ['"a",', [["a", ""]]],
  ])("reads %j", (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  test("a record that is wrong does not take the next one with it, and each tells its line", () => {
    expect(csvRecords(['a,"b"x', "", "c,d", '"e', 'f",g'], form)).toEqual([
      { cells: ["a", "b"], line: 1, problem: "text stands behind a closing quote in it" },
      { cells: ["c", "d"], line: 3, problem: undefined },
      { cells: ["e\nf", "g"], line: 4, problem: undefined },
    ]);
  });

  test("a quotation that is not closed", () => {
    const problem = "a quotation in it is not closed";
    expect(csvRecords(["a", '"b', "c"], form).at(-1)).toMatchObject({ line: 2, problem });
  });

  test("reads back whatever is written", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", ";") });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(table, fc.boolean(), (rows, quotesAll) => {
        const written = (value: string) =>
          quotesAll || /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
        const text = rows.map((row) => row.map(written).join(",")).join("\n");
        expect(cells(text)).toEqual(rows);
      }),
    );
  });
});
