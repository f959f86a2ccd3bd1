import { describe, expect, it } from "vitest";
import { copyWriter } from "../../../../src/gateway/backend/duckdb/copy-writer.js";
import type { StatementOption } from "../../../../src/syntax/postgres/postgres-statement.js";
import { utc } from "../../../../src/value/time-zone.js";

const columns = [
  { name: "a", type: { kind: "VARCHAR" } },
  { name: 'b"', type: { kind: "BIGINT" } },
] as const;

const option = (name: string, ...values: readonly string[]): StatementOption => ({ name, values });

/** The bytes of the CopyData messages, as text. */
function copied(
  options: readonly StatementOption[],
  rows: readonly (readonly [string | null, number | null])[],
): string {
  const writer = copyWriter(options, columns, utc);
  const bytes = Buffer.concat([
    writer.start?.() ?? Buffer.alloc(0),
    writer.rows(rows),
    writer.end?.() ?? Buffer.alloc(0),
  ]);
  let text = "";
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
    if (bytes[at] === "d".charCodeAt(0)) text += bytes.toString("latin1", at + 5, at + 1 + bytes.readInt32BE(at + 1));
  }
  return text;
}

describe("rows of COPY", () => {
  it.each([
    ["an option that there is not", [option("freeze", "true")], "0A000"],
    ["a format that there is not", [option("format", "parquet")], "22023"],
    ["quotes in text", [option("quote", "'")], "0A000"],
    ["a delimiter of two characters", [option("delimiter", "||")], "22023"],
    ["a line's end as a delimiter", [option("delimiter", "\n")], "22023"],
    ["a header of binary rows", [option("format", "binary"), option("header")], "0A000"],
    ["another encoding", [option("encoding", "LATIN1")], "0A000"],
    ["a header that is no truth value", [option("header", "maybe")], "22023"],
  ])("refuse %s", (_what, options, sqlState) => {
    expect(() => copyWriter(options, columns, utc)).toThrow(expect.objectContaining({ sqlState }));
  });

  it("are escaped in text", () => {
    expect(
      copied(
        [],
        [
          ["a\tb\\c\nd\r\v", 1],
          [null, null],
          ["\\N", 2],
        ],
      ),
    ).toBe("a\\tb\\\\c\\nd\\r\\v\t1\n\\N\t\\N\n\\\\N\t2\n");
    expect(copied([option("delimiter", "|"), option("null", "-"), option("header")], [["a|b", null]])).toBe(
      'a|b"\na\\|b|-\n',
    );
  });

  it("are quoted in csv where they would be read as something else", () => {
    const csv = option("format", "csv");
    expect(
      copied(
        [csv, option("header", "true")],
        [
          ['a,"b"', 1],
          ["", 2],
          [null, 3],
          ["c\nd", null],
        ],
      ),
    ).toBe('a,"b"""\n"a,""b""",1\n"",2\n,3\n"c\nd",\n');
    expect(
      copied(
        [csv, option("force_quote", "*"), option("null", "NULL")],
        [
          ["NULL", 1],
          [null, null],
        ],
      ),
    ).toBe('"NULL","1"\nNULL,NULL\n');
    expect(copied([csv, option("quote", "'"), option("escape", "\\"), option("delimiter", ";")], [["a'b\\;", 1]])).toBe(
      "'a\\'b\\\\;';1\n",
    );
  });

  it("are bytes in binary", () => {
    expect(
      copied(
        [option("format", "binary")],
        [
          ["x", 1],
          [null, null],
        ],
      ),
    ).toBe(
      [
        "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0",
        "\0\x02\0\0\0\x01x\0\0\0\x08\0\0\0\0\0\0\0\x01",
        "\0\x02\xff\xff\xff\xff\xff\xff\xff\xff",
        "\xff\xff",
      ].join(""),
    );
  });
});
