import { describe, expect, it } from "vitest";
import type { ResultColumn, Row } from "../../src/driver/api.js";
import type { TextFormat } from "../../src/output/output-format.js";
import { printResult } from "../../src/output/print-result.js";
import type { TableLayout } from "../../src/output/table-shape.js";
import { rowStream } from "../repl/fake-connection.js";

const plain: TableLayout = { width: undefined, expanded: "auto" };

const columns: readonly ResultColumn[] = [
  { name: "Id", type: "VARCHAR" },
  { name: "Amount", type: "BIGINT" },
  { name: "Created", type: "TIMESTAMPTZ" },
  { name: "Metadata", type: "JSON" },
  { name: "Rate", type: "DECIMAL" },
];

const rows: readonly Row[] = [
  { Id: "ch_1", Amount: 1500, Created: new Date("2026-10-01T08:30:00Z"), Metadata: { order_id: "7" }, Rate: "0.5" },
  { Id: 'a "b", c', Amount: 9007199254740993n, Created: null, Metadata: null, Rate: null },
  { Id: "", Amount: -1, Created: new Date("2026-10-01T08:30:00.250Z"), Metadata: [1, "x"], Rate: "12" },
];

async function print(format: TextFormat, layout = plain, result = { columns, rows }): Promise<string> {
  let text = "";
  for await (const piece of printResult(rowStream(result), format, layout)) text += piece;
  return text;
}

describe("a table", () => {
  it("stands as psql prints it, numbers to the right", async () => {
    expect(await print("table")).toBe(
      [
        " Id       |           Amount | Created                   | Metadata         | Rate",
        "----------+------------------+---------------------------+------------------+------",
        ' ch_1     |             1500 | 2026-10-01 08:30:00+00    | {"order_id":"7"} |  0.5',
        ' a "b", c | 9007199254740993 | NULL                      | NULL             | NULL',
        '          |               -1 | 2026-10-01 08:30:00.25+00 | [1,"x"]          |   12',
        "(3 rows)",
        "",
      ].join("\n"),
    );
  });

  it("says so when there are no rows", async () => {
    const empty = { columns: columns.slice(0, 2), rows: [] };
    expect(await print("table", plain, empty)).toBe(" Id | Amount\n----+--------\n(0 rows)\n");
  });

  it("prints nothing for a statement without columns", async () => {
    expect(await print("table", plain, { columns: [], rows: [] })).toBe("");
  });

  it("cuts the widest columns to fit a terminal, and says that it did", async () => {
    expect(await print("table", { width: 76, expanded: "auto" })).toBe(
      [
        " Id       |           Amount | Created            | Metadata         | Rate",
        "----------+------------------+--------------------+------------------+------",
        ' ch_1     |             1500 | 2026-10-01 08:30:… | {"order_id":"7"} |  0.5',
        ' a "b", c | 9007199254740993 | NULL               | NULL             | NULL',
        '          |               -1 | 2026-10-01 08:30:… | [1,"x"]          |   12',
        "(3 rows; values that end in … are cut to fit)",
        "",
      ].join("\n"),
    );
  });

  it("turns to one line a column where the columns cannot stand side by side", async () => {
    const wide = { columns: columns.slice(0, 3), rows: rows.slice(0, 2) };
    expect(await print("table", { width: 40, expanded: "auto" }, wide)).toBe(
      [
        "-[ RECORD 1 ]-------------------",
        "Id      | ch_1",
        "Amount  | 1500",
        "Created | 2026-10-01 08:30:00+00",
        "-[ RECORD 2 ]-------------",
        'Id      | a "b", c',
        "Amount  | 9007199254740993",
        "Created | NULL",
        "(2 rows)",
        "",
      ].join("\n"),
    );
  });

  it("of names cuts their description first, and then leaves it out", async () => {
    const names = {
      columns: ["Column", "Type", "Description"].map((name) => ({ name, type: "VARCHAR" })),
      rows: [{ Column: "InvoiceSettingsFooter", Type: "VARCHAR", Description: "The footer of each invoice" }],
    };
    expect(await print("table", { width: 60, expanded: "never" }, names)).toBe(
      [
        " Column                | Type    | Description",
        "-----------------------+---------+--------------------------",
        " InvoiceSettingsFooter | VARCHAR | The footer of each invo…",
        "(1 row; values that end in … are cut to fit)",
        "",
      ].join("\n"),
    );
    expect(await print("table", { width: 40, expanded: "never" }, names)).toContain(
      " InvoiceSettingsFooter | VARCHAR\n(1 row; Description left out)\n",
    );
  });

  it("of names has one that is too wide on a line of its own, whole", async () => {
    const names = {
      columns: ["Column", "Type", "Description"].map((name) => ({ name, type: "VARCHAR" })),
      rows: [
        { Column: "Id", Type: "VARCHAR", Description: "" },
        { Column: "InvoiceSettingsDefaultPaymentMethod", Type: "VARCHAR", Description: "" },
      ],
    };
    expect(await print("table", { width: 30, expanded: "never" }, names)).toBe(
      [
        " Column             | Type",
        "--------------------+---------",
        " Id                 | VARCHAR",
        " InvoiceSettingsDefaultPaymentMethod",
        "                    | VARCHAR",
        "(2 rows; Description left out)",
        "",
      ].join("\n"),
    );
  });

  it("keeps its headings whole where its values are cut", async () => {
    const text = "x".repeat(60);
    const wide = {
      columns: ["InvoiceSettingsDefaultPaymentMethod", "Name"].map((name) => ({ name, type: "VARCHAR" })),
      rows: [{ InvoiceSettingsDefaultPaymentMethod: text, Name: text }],
    };
    for (const [width, isBeside] of [
      [80, true],
      [60, true],
      [50, false],
    ] as const) {
      const printed = await print("table", { width, expanded: "auto" }, wide);
      expect(printed).toMatch(isBeside ? /^ InvoiceSettingsDefaultPaymentMethod +\| Name/ : /^-\[ RECORD 1 \]/);
      expect(printed).toContain("InvoiceSettingsDefaultPaymentMethod");
    }
  });

  it("tells NULL from the text NULL, and dims it where there are colours", async () => {
    const nulls = {
      columns: [{ name: "a", type: "VARCHAR" }],
      rows: ["NULL", null, "'NULL'", "null"].map((a) => ({ a })),
    };
    const look = { border: 1, nullText: "NULL", isColored: false } as const;
    const cells = async (given: TableLayout) =>
      (await print("table", given, nulls))
        .split("\n")
        .slice(2, 6)
        .map((line) => line.trim());
    expect(await cells(plain)).toEqual(["'NULL'", "NULL", "''NULL''", "null"]);
    expect(await cells({ ...plain, look: { ...look, nullText: "∅" } })).toEqual(["NULL", "∅", "'NULL'", "null"]);
    expect((await cells({ ...plain, look: { ...look, isColored: true } }))[1]).toBe("\u001b[2mNULL    \u001b[0m");
  });

  it("is never cut where expanded display is off", async () => {
    expect(await print("table", { width: 40, expanded: "off" })).toBe(await print("table"));
  });

  it("measures wide characters as the terminal shows them", async () => {
    const names = {
      columns: [
        { name: "Name", type: "VARCHAR" },
        { name: "N", type: "BIGINT" },
      ],
      rows: [
        { Name: "山田", N: 1 },
        { Name: "Zoë", N: 22 },
      ],
    };
    expect(await print("table", plain, names)).toBe(" Name |  N\n------+----\n 山田 |  1\n Zoë  | 22\n(2 rows)\n");
  });

  it("shows control characters of a customer's text instead of obeying them", async () => {
    const hostile = { columns: [{ name: "Name", type: "VARCHAR" }], rows: [{ Name: "a\u001b[31mb\nc" }] };
    expect(await print("table", plain, hostile)).toContain(" a\\u001b[31mb\\nc\n");
  });

  it("widens its columns for rows past the first block", async () => {
    const many = Array.from({ length: 501 }, (_, index) => ({ Id: index === 500 ? "a long one" : "x", Amount: index }));
    const text = await print("table", plain, { columns: columns.slice(0, 2), rows: many });
    expect(text.split("\n").slice(-4)).toEqual([" x  |    499", " a long one |    500", "(501 rows)", ""]);
  });
});

describe("CSV", () => {
  it("quotes by RFC 4180 and tells NULL from an empty text", async () => {
    expect(await print("csv")).toBe(
      [
        "Id,Amount,Created,Metadata,Rate",
        'ch_1,1500,2026-10-01T08:30:00Z,"{""order_id"":""7""}",0.5',
        '"a ""b"", c",9007199254740993,,,',
        '"",-1,2026-10-01T08:30:00.250Z,"[1,""x""]",12',
        "",
      ].join("\r\n"),
    );
  });

  it("keeps line breaks inside of a field", async () => {
    const result = { columns: [{ name: "Name", type: "VARCHAR" }], rows: [{ Name: "a\nb" }] };
    expect(await print("csv", plain, result)).toBe('Name\r\n"a\nb"\r\n');
  });
});

describe("JSON", () => {
  it("is one array, with integers past 2^53 as strings", async () => {
    const text = await print("json");
    expect(text).toBe(
      [
        "[",
        '{"Id":"ch_1","Amount":1500,"Created":"2026-10-01T08:30:00Z","Metadata":{"order_id":"7"},"Rate":"0.5"},',
        '{"Id":"a \\"b\\", c","Amount":"9007199254740993","Created":null,"Metadata":null,"Rate":null},',
        '{"Id":"","Amount":-1,"Created":"2026-10-01T08:30:00.250Z","Metadata":[1,"x"],"Rate":"12"}',
        "]",
        "",
      ].join("\n"),
    );
    expect(JSON.parse(text)).toHaveLength(3);
  });

  it("is an empty array where there are no rows", async () => {
    expect(await print("json", plain, { columns, rows: [] })).toBe("[]\n");
  });

  it("stays open where the statement fails half-way, so that no reader takes it for whole", async () => {
    const pieces: string[] = [];
    const failing = rowStream({ columns, rows: [...rows, new Error("page 2")] });
    const read = async () => {
      for await (const piece of printResult(failing, "json", plain)) pieces.push(piece);
    };
    await expect(read()).rejects.toThrow("page 2");
    expect(() => JSON.parse(pieces.join(""))).toThrow();
  });

  it("comes as one object a line where asked", async () => {
    const lines = (await print("jsonl")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).Id)).toEqual(["ch_1", 'a "b", c', ""]);
  });
});

describe("Markdown", () => {
  it("escapes what would end a cell", async () => {
    const result = { columns: columns.slice(0, 2), rows: [{ Id: "a|b_c\nd", Amount: 1 }] };
    expect(await print("markdown", plain, result)).toBe("| Id | Amount |\n| --- | ---: |\n| a\\|b\\_c\\\\nd | 1 |\n");
  });
});

describe("HTML", () => {
  it("is a document with a table", async () => {
    const text = await print("html");
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
    expect(text).toContain(
      '<tr><th>Id</th><th class="number">Amount</th><th>Created</th><th>Metadata</th><th class="number">Rate</th></tr>',
    );
    expect(text).toContain(
      '<tr><td>a &quot;b&quot;, c</td><td class="number">9007199254740993</td><td class="null">NULL</td>',
    );
    expect(text).toMatch(/<\/table>\n<\/body>\n<\/html>\n$/);
  });

  it("has texts as they are, and no markup of theirs", async () => {
    const evil = `</td><script>alert("1")</script>&amp;\u0007\nnext`;
    const text = await print("html", plain, { columns: [{ name: "<b>", type: "VARCHAR" }], rows: [{ "<b>": evil }] });
    expect(text).toContain("<th>&lt;b&gt;</th>");
    expect(text).toContain(
      "<td>&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;\\u0007\nnext</td>",
    );
  });

  it("has nothing to say of a statement without columns", async () => {
    expect(await print("html", plain, { columns: [], rows: [] })).toBe("");
  });
});
