import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/output/display-width.js";
import { plotChart } from "../../../src/repl/plot/plot-chart.js";
import { charted } from "../../chart/charted.js";

const narrow = { width: 80, isColored: false };

const mrr = "month TIMESTAMPTZ, mrr BIGINT of currency, currency VARCHAR";
const mrrRows = [
  ["2026-01-01 00:00:00+00", "150000", "usd"],
  ["2026-02-01 00:00:00+00", "230000", "usd"],
  ["2026-03-01 00:00:00+00", "290050", "usd"],
  ["2026-01-01 00:00:00+00", "90000", "eur"],
  ["2026-02-01 00:00:00+00", "300000", "eur"],
  ["2026-03-01 00:00:00+00", "120000", "eur"],
];

async function plotted(
  words: string,
  columns: string,
  rows: readonly (readonly (string | null)[])[],
  look = narrow,
): Promise<string> {
  return plotChart(await charted(words, columns, rows), look);
}

describe("bars in a terminal", () => {
  it("stand with their labels and values, money in its currency", async () => {
    expect(await plotted("bar", mrr, mrrRows.slice(0, 3))).toMatchInlineSnapshot(`
      "mrr (USD) by month

      2026-01 │████████████████████████████████▏ 1,500.00
      2026-02 │█████████████████████████████████████████████████▏ 2,300.00
      2026-03 │██████████████████████████████████████████████████████████████ 2,900.50
      "
    `);
  });

  it("have a line for each series", async () => {
    expect(await plotted("bar", mrr, mrrRows)).toMatchInlineSnapshot(`
      "mrr (each in its currency) by month, currency

      2026-01 eur │█████████████████▍ 900.00
              usd │█████████████████████████████ 1,500.00
      2026-02 eur │██████████████████████████████████████████████████████████ 3,000.00
              usd │████████████████████████████████████████████▌ 2,300.00
      2026-03 eur │███████████████████████▎ 1,200.00
              usd │████████████████████████████████████████████████████████▏ 2,900.50
      "
    `);
  });

  it("go left where they are below 0", async () => {
    const rows = [
      ["a", "10"],
      ["b", "-4.5"],
      ["c", "0"],
    ];
    expect(await plotted("bar", "plan VARCHAR, n DOUBLE", rows)).toMatchInlineSnapshot(`
      "n by plan

      a                       │█████████████████████████████████████████████████▋ 10
      b ██████████████████████│ -4.5
      c                       │ 0
      "
    `);
  });

  it("leave room for wide texts, and cut long ones", async () => {
    const rows = [
      ["日本語", "3"],
      [`${"long ".repeat(20)}\u001b[31m`, "1"],
    ];
    const text = await plotted("bar", "name VARCHAR, n BIGINT", rows);
    expect(text).not.toContain("\u001b");
    expect(text).toMatchInlineSnapshot(`
      "n by name

      日本語                     │██████████████████████████████████████████████████ 3
      long long long long long … │████████████████▋ 1
      "
    `);
  });
});

describe("bins in a terminal", () => {
  it("are lines of their bounds, filled by series", async () => {
    const rows = [
      ["1", "paid"],
      ["2", "open"],
      ["2", "paid"],
      ["4", "paid"],
      ["4", "paid"],
    ];
    expect(await plotted("hist by s", "n BIGINT, s VARCHAR", rows)).toMatchInlineSnapshot(`
      "rows by n

      1 – 2 │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 1
      2 – 3 │████████████████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 2
      3 – 4 │ 0
      4 – 5 │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 2

      █ open   ▒ paid
      "
    `);
  });
});

describe("lines in a terminal", () => {
  it("are told apart by their marks", async () => {
    expect(await plotted("line", mrr, mrrRows)).toMatchInlineSnapshot(`
      "mrr (each in its currency) by month, currency
      ● eur   ▲ usd

      3,000 ┤                                   ⡠⠔●⠒⠤⣀                           ⣀⣀⡠▲
            │                               ⢀⠤⠒⠉      ⠉⠢⢄⡀            ⢀⣀⣀⠤⠤⠔⠒⠒⠉⠉⠉
            │                            ⣀⠔⠊⠁            ⠈⠑⠢⣀⣀⡠⠤⠤⠒⠒⠊⠉⠉⠁
            │                        ⢀⡠⠒⠉        ⢀▲⣀⠤⠤⠔⠒⠒⠊⠉⠉ ⠉⠒⢄⡀
            │                     ⣀⠤⠊⠁  ⣀⣀⡠⠤⠤⠒⠒⠉⠉⠁              ⠈⠑⠢⢄
      2,000 ┤                 ⢀⣠⣔⠮⠤⠔⠒⠒⠉⠉                            ⠉⠒⠤⣀
            │        ⢀⣀⣀⠤⠤⠒⢒⠮⠛⠉                                         ⠑⠢⢄⡀
            │▲⡠⠤⠤⠒⠒⠉⠉⠁  ⣀⠔⠊⠁                                               ⠈⠑⠤⣀
            │       ⢀⡠⠒⠉                                                       ⠉⠢⢄⡀
            │    ⣀⠤⠊⠁                                                             ⠈⠑●
      1,000 ┤⢀⡠⠔⠉
            │●
            │
            │
            │
          0 ┤
            └┬────────────────────────────────────┬─────────────────────────────────┬
             2026-01                           2026-02                        2026-03
      "
    `);
  });

  it("are filled down to 0 as areas", async () => {
    const rows = [
      ["1", "-2"],
      ["2", "3"],
      ["3", "1"],
    ];
    expect(
      await plotted("area x y", "x BIGINT, y BIGINT", rows, { width: 40, isColored: false }),
    ).toMatchInlineSnapshot(`
      "y by x

       4 ┤
         │                 ⣠⣄⡀
         │               ⣠⣾⣿⣿⣿⣿⣶⣦⣄⣀
       2 ┤            ⢀⣤⣾⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣷⣦⣤⣀
         │          ⢀⣴⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣷⣶⣤⣀
         │        ⢀⣴⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
       0 ┤⣤⣤⣤⣤⣤⣤⣤⠴⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿⠿
         │⣿⣿⣿⣿⣿⠟⠁
         │⣿⣿⡿⠋
      -2 ┤⡿⠋
         └┬────────────────┬────────────────┬
          1                2                3
      "
    `);
  });

  it("are piled up as areas of several series, which their fillings tell apart", async () => {
    const rows = [
      ["1", "a", "2"],
      ["2", "a", "3"],
      ["1", "b", "1"],
      ["2", "b", "4"],
    ];
    const look = { width: 40, isColored: false };
    expect(await plotted("area x y by s", "x BIGINT, s VARCHAR, y BIGINT", rows, look)).toMatchInlineSnapshot(`
      "y by x, s
      █ a   ▒ b

      10 ┤
         │
         │
         │                             ▒▒▒▒▒▒
       5 ┤                    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
         │           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
         │  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
         │▒▒▒▒▒▒▒████████████████████████████
         │███████████████████████████████████
       0 ┤███████████████████████████████████
         └┬─────────────────────────────────┬
          1                                 2
      "
    `);
  });

  it("show one point too", async () => {
    expect(
      await plotted("line", "d DATE, n BIGINT", [["2026-01-05", "3"]], { width: 40, isColored: false }),
    ).toMatchInlineSnapshot(`
      "n by d

      3 ┤                  ●
        │
        │
      2 ┤
        │
        │
      1 ┤
        │
        │
      0 ┤
        └──────────────────┬─────────────────
                      2026-01-05
      "
    `);
  });
});

describe("a heat map in a terminal", () => {
  it("is of shades, which its last line explains", async () => {
    const rows = [
      ["2026-01-01", "0", "1"],
      ["2026-01-01", "1", "0.5"],
      ["2026-02-01", "0", "0.9"],
    ];
    expect(await plotted("heat m cohort by r", "cohort DATE, m BIGINT, r DOUBLE", rows)).toMatchInlineSnapshot(`
      "r by m and cohort

      2026-01 │█████████ ·········
      2026-02 │█████████
              └────────────────────
               0         1

      · 0.5 – 0.6   ░ 0.6 – 0.7   ▒ 0.7 – 0.8   ▓ 0.8 – 0.9   █ 0.9 – 1
      "
    `);
  });

  it("is refused where the terminal is too narrow", async () => {
    const rows = Array.from({ length: 90 }, (_, index) => [`${index}`, "a", "1"]);
    await expect(plotted("heat x y by n", "x BIGINT, y VARCHAR, n BIGINT", rows)).rejects.toMatchObject({
      ...{ sqlState: "54000", message: '"x" has 90 values, more than this terminal has room for' },
    });
    expect(
      await plotted("heat x y by n", "x BIGINT, y VARCHAR, n BIGINT", rows, { width: 200, isColored: false }),
    ).toContain("88");
  });
});

describe("every chart in a terminal", () => {
  const rows = [
    ["2026-01-05 10:00:00+00", "basic", "1", "1200"],
    ["2026-01-07 11:00:00+00", "pro", "2.5", "-5"],
    ["2026-01-09 11:00:00+00", "pro", "70000", "0"],
    ["2026-03-09 11:00:00+00", "a plan of a long name", "-3", "17"],
  ];
  const columns = "t TIMESTAMPTZ, plan VARCHAR, n DOUBLE, m BIGINT";

  it.each([
    "bar t n by plan",
    "line t n by plan",
    "area t m",
    "hist t by plan",
    "hist n",
    "heat t plan by m",
    "line plan n",
  ])("keeps to its width, and has the same text in colour: %s", async (words) => {
    for (const width of [40, 80, 200]) {
      const text = await plotted(words, columns, rows, { width, isColored: false });
      expect(Math.max(...text.split("\n").map(displayWidth))).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/NaN|undefined/);
      const colored = await plotted(words, columns, rows, { width, isColored: true });
      expect(stripVTControlCharacters(colored)).toBe(text);
      expect(colored).toContain("\u001b[38;5;");
    }
  });
});
