import { describe, expect, it } from "vitest";
import { charted } from "./charted.js";

const revenue = "month TIMESTAMPTZ, plan VARCHAR, mrr BIGINT of currency, currency VARCHAR";

describe("a chart of bars", () => {
  it("takes the first text and the first number, and a text of few values as series", async () => {
    const chart = await charted("bar", "Country VARCHAR, Status VARCHAR, N BIGINT", [
      ["DE", "paid", "3"],
      ["FR", "paid", "1"],
      ["DE", "open", "2"],
    ]);
    expect(chart).toEqual({
      kind: "bar",
      x: { kind: "categories", title: "Country", names: ["DE", "FR"] },
      y: { kind: "number", title: "N", digits: undefined },
      series: { title: "Status", names: ["open", "paid"], isStacked: true },
      bars: [
        { x: 0, series: 0, y: 2 },
        { x: 0, series: 1, y: 3 },
        { x: 1, series: 1, y: 1 },
      ],
      notes: [],
    });
  });

  it("has series by numbers and times too, whose colours do not change with the rows' order", async () => {
    const columns = "c VARCHAR, n BIGINT, m BIGINT, t DATE";
    const rows = [
      ["x", "1", "10", "2026-02-01"],
      ["x", "1", "9", "2026-01-01"],
    ];
    for (const given of [rows, rows.toReversed()]) {
      expect(await charted("bar c n by m", columns, given)).toMatchObject({ series: { names: ["9", "10"] } });
      expect(await charted("bar c n by t", columns, given)).toMatchObject({
        series: { names: ["2026-01", "2026-02"] },
      });
    }
  });

  it("leaves out a series that nobody asked for and that parts nothing, or too much", async () => {
    const rows = Array.from({ length: 13 }, (_, index) => [`p${index}`, `name ${index}`, "1"]);
    expect(await charted("bar", "Id VARCHAR, Name VARCHAR, N BIGINT", rows)).toMatchObject({ series: { names: [""] } });
    expect(await charted("bar", "Id VARCHAR, Name VARCHAR, N BIGINT", rows.slice(0, 1))).toMatchObject({
      series: { names: [""] },
    });
  });

  it("orders times and says no more of them than they do", async () => {
    const rows = [
      ["2026-02-01 00:00:00+00", "2"],
      ["2026-01-01 00:00:00+00", "1"],
    ];
    expect(await charted("bar m n", "m TIMESTAMPTZ, n BIGINT", rows)).toMatchObject({
      x: { names: ["2026-01", "2026-02"] },
      bars: [
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ],
    });
  });

  it("adds up rows of one place, leaves out those without a value, and says both", async () => {
    const rows = [
      ["DE", "3"],
      ["DE", "4"],
      [null, "1"],
      ["FR", null],
      ["FR", "NaN"],
    ];
    expect(await charted("bar", "Country VARCHAR, N DOUBLE", rows)).toMatchObject({
      bars: [{ x: 0, y: 7 }],
      notes: [
        '1 row without "Country" left out',
        '2 rows without "N" left out',
        "1 row added to others of the same place",
      ],
    });
  });
});

describe("amounts in a chart", () => {
  it("are those of the currency itself", async () => {
    const rows = [["2026-01-01 00:00:00+00", "basic", "1950", "usd"]];
    expect(await charted("line", revenue, rows)).toMatchObject({
      y: { title: "mrr (USD)", digits: 2 },
      points: [{ y: 19.5 }],
    });
    const yen = [["2026-01-01 00:00:00+00", "basic", "1950", "jpy"]];
    expect(await charted("line", revenue, yen)).toMatchObject({
      y: { title: "mrr (JPY)", digits: 0 },
      points: [{ y: 1950 }],
    });
  });

  it("of several currencies are series beside each other", async () => {
    const rows = [
      ["2026-01-01 00:00:00+00", "basic", "1950", "usd"],
      ["2026-01-01 00:00:00+00", "basic", "1950", "jpy"],
    ];
    for (const words of ["area", "area month mrr", "bar month mrr by currency", "line"]) {
      expect(await charted(words, revenue, rows)).toMatchObject({
        y: { title: "mrr (each in its currency)" },
        series: { title: "currency", names: ["jpy", "usd"], isStacked: false },
      });
    }
    expect(await charted("bar currency mrr", revenue, rows)).toMatchObject({ bars: [{ y: 19.5 }, { y: 1950 }] });
  });

  it("of several currencies are not added up where the series are others", async () => {
    const rows = [
      ["2026-01-01 00:00:00+00", "basic", "1950", "usd"],
      ["2026-01-01 00:00:00+00", "basic", "1950", "jpy"],
    ];
    await expect(charted("bar month mrr by plan", revenue, rows)).rejects.toMatchObject({
      sqlState: "22023",
      message: "the rows are of several currencies (usd, jpy), which are not added up",
      hint: "Say by currency, or have the statement take one: WHERE currency = 'usd'.",
    });
  });

  it("without a currency are left out", async () => {
    const rows = [
      ["2026-01-01 00:00:00+00", "basic", "1950", "usd"],
      ["2026-01-01 00:00:00+00", "basic", "1950", null],
    ];
    expect(await charted("line", revenue, rows)).toMatchObject({ notes: ['1 row without "currency" left out'] });
  });

  it("that nobody knows to be some are not added up over a column called currency either", async () => {
    const rows = [
      ["DE", "eur", "1950"],
      ["DE", "usd", "7"],
    ];
    expect(await charted("bar Country Total", "Country VARCHAR, currency VARCHAR, Total BIGINT", rows)).toMatchObject({
      y: { title: "Total" },
      series: { names: ["eur", "usd"], isStacked: false },
    });
    await expect(
      charted("heat Country currency", "Country VARCHAR, Plan VARCHAR, currency VARCHAR, Total BIGINT", [
        ["DE", "basic", "eur", "1"],
        ["DE", "basic", "usd", "1"],
      ]),
    ).rejects.toMatchObject({ sqlState: "22023" });
  });
});

describe("a chart of lines", () => {
  it("has a time as an axis", async () => {
    const rows = [
      ["2026-11-28 13:05:00-05", "1"],
      ["2026-11-27 13:05:00-05", "2"],
    ];
    expect(await charted("", "Created TIMESTAMPTZ, N BIGINT", rows)).toMatchObject({
      kind: "line",
      x: { kind: "time", title: "Created", precision: "minute" },
      points: [
        { x: Date.UTC(2026, 10, 27, 13, 5), y: 2 },
        { x: Date.UTC(2026, 10, 28, 13, 5), y: 1 },
      ],
    });
  });

  it("has a number where there is nothing else", async () => {
    const rows = [
      ["2", "4"],
      ["1", "1"],
    ];
    expect(await charted("", "a BIGINT, b DOUBLE", rows)).toMatchObject({
      kind: "line",
      x: { kind: "number", title: "a" },
      points: [
        { x: 1, y: 1 },
        { x: 2, y: 4 },
      ],
    });
  });

  it("stands areas on 0 where a series has nothing", async () => {
    const rows = [
      ["1", "a", "5"],
      ["2", "a", "6"],
      ["2", "b", "7"],
    ];
    expect(await charted("area x y by s", "x BIGINT, s VARCHAR, y BIGINT", rows)).toMatchObject({
      points: [
        { x: 1, series: 0, y: 5 },
        { x: 1, series: 1, y: 0 },
        { x: 2, series: 0, y: 6 },
        { x: 2, series: 1, y: 7 },
      ],
    });
  });

  it("stacks no values below 0", async () => {
    const rows = [
      ["1", "a", "5"],
      ["2", "b", "-6"],
    ];
    await expect(charted("area x y by s", "x BIGINT, s VARCHAR, y BIGINT", rows)).rejects.toMatchObject({
      sqlState: "22023",
      hint: "Take line or bar.",
    });
    expect(await charted("area x y", "x BIGINT, s VARCHAR, y BIGINT", rows)).toMatchObject({ kind: "area" });
  });
});

describe("a histogram", () => {
  it("counts rows between round numbers", async () => {
    const rows = [["0"], ["1"], ["1"], ["4"]];
    expect(await charted("", "n BIGINT", rows)).toMatchObject({
      kind: "hist",
      edges: [0, 1, 2, 3, 4, 5],
      counts: [
        { bin: 0, y: 1 },
        { bin: 1, y: 2 },
        { bin: 4, y: 1 },
      ],
    });
  });

  it("counts rows by months and by series", async () => {
    const rows = [
      ["2025-01-05", "a"],
      ["2025-12-31", "b"],
      ["2025-12-30", "b"],
    ];
    const chart = await charted("hist by s", "d DATE, s VARCHAR", rows);
    expect(chart).toMatchObject({
      x: { kind: "time", precision: "month" },
      counts: [
        { bin: 0, series: 0, y: 1 },
        { bin: 11, series: 1, y: 2 },
      ],
    });
  });

  it("counts each row once, whatever the values", async () => {
    for (const values of [["7"], ["-1e300", "1e300"], ["0.1", "0.2", "0.3"], ["5", "5", "5"]]) {
      const chart = await charted(
        "hist n",
        "n DOUBLE",
        values.map((value) => [value]),
      );
      const counts = chart.kind === "hist" ? chart.counts : [];
      expect(counts.reduce((sum, { y }) => sum + y, 0)).toBe(values.length);
    }
  });
});

describe("a heat map", () => {
  it("counts rows where no column has values", async () => {
    const rows = [
      ["a", "x"],
      ["a", "x"],
      ["b", "y"],
    ];
    expect(await charted("heat", "p VARCHAR, q VARCHAR", rows)).toEqual({
      kind: "heat",
      x: { kind: "categories", title: "p", names: ["a", "b"] },
      y: { kind: "categories", title: "q", names: ["x", "y"] },
      value: { kind: "number", title: "rows", digits: 0 },
      cells: [
        { x: 0, y: 0, value: 2 },
        { x: 1, y: 1, value: 1 },
      ],
      notes: [],
    });
  });

  it("takes its values from a column of numbers", async () => {
    const rows = [
      ["2026-02-01", "1", "0.5"],
      ["2026-01-01", "0", "1"],
    ];
    expect(
      await charted("heat cohort months by retention", "cohort DATE, months BIGINT, retention DOUBLE", rows),
    ).toMatchObject({
      x: { names: ["2026-01", "2026-02"] },
      y: { names: ["0", "1"] },
      value: { title: "retention" },
      cells: [
        { x: 1, y: 1, value: 0.5 },
        { x: 0, y: 0, value: 1 },
      ],
    });
  });
});

describe("a chart that cannot be", () => {
  it.each([
    ["a column that there is not", "bar month mrrr", "42703", 'the result has no column "mrrr"', 'Did you mean "mrr"?'],
    ["a text as numbers", "bar month plan", "42804", 'column "plan" is no number', expect.stringContaining("::DOUBLE")],
    ["texts in a histogram", "hist plan", "42804", 'column "plan" is no number or time', expect.anything()],
    [
      "numbers in a histogram beside it",
      "hist mrr mrr",
      "22023",
      expect.stringContaining("counts rows"),
      expect.anything(),
    ],
    ["a text as heat", "heat month currency by plan", "42804", 'column "plan" is no number', expect.anything()],
  ])("refuses %s", async (_what, words, sqlState, message, hint) => {
    await expect(charted(words, revenue, [["2026-01-01", "basic", "1", "usd"]])).rejects.toMatchObject({
      ...{ sqlState, message, hint },
    });
  });

  it("has columns that fit its kind", async () => {
    await expect(charted("bar", "a VARCHAR", [["x"]])).rejects.toMatchObject({ sqlState: "42804" });
    await expect(charted("", "a VARCHAR", [["x"]])).rejects.toMatchObject({ sqlState: "42804" });
    await expect(charted("heat", "a VARCHAR, n BIGINT", [["x", "1"]])).rejects.toMatchObject({ sqlState: "42804" });
  });

  it("has rows", async () => {
    await expect(charted("bar", "a VARCHAR, n BIGINT", [])).rejects.toMatchObject({
      ...{ sqlState: "02000", message: "there are no rows to show" },
    });
    await expect(charted("bar", "a VARCHAR, n BIGINT", [["x", null]])).rejects.toMatchObject({
      message: 'there are no rows to show: 1 row without "n" left out',
    });
  });

  it("has no more than can be seen", async () => {
    const many = Array.from({ length: 101 }, (_, index) => [`c${index}`, `${index}`]);
    await expect(charted("bar", "a VARCHAR, n BIGINT", many)).rejects.toMatchObject({
      ...{ sqlState: "54000", message: '"a" has 101 values, and there is room for 100' },
    });
    await expect(charted("line n n by a", "a VARCHAR, n BIGINT", many)).rejects.toMatchObject({
      ...{ sqlState: "54000", message: '"a" has 101 values, and a chart at most 12 series' },
    });
    const rows = Array.from({ length: 100_001 }, (_, index) => [`${index}`]);
    await expect(charted("hist", "n BIGINT", rows)).rejects.toMatchObject({ sqlState: "54000" });
  });
});
