import { describe, expect, it } from "vitest";
import { drawSvg } from "../../src/chart/draw-svg.js";
import { charted } from "./charted.js";

/** The texts of a picture, in its order. */
const texts = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);

describe("a chart as SVG", () => {
  it("has axes of money and time", async () => {
    const chart = await charted("line", "month TIMESTAMPTZ, mrr BIGINT of currency, currency VARCHAR", [
      ["2026-01-01 00:00:00+00", "150000", "usd"],
      ["2026-02-01 00:00:00+00", "230000", "usd"],
      ["2026-03-01 00:00:00+00", "290050", "usd"],
    ]);
    const svg = await drawSvg(chart, { width: 600, height: 300 });
    expect(svg).toMatch(/^<svg [^>]*width="600"[^>]*height="300"/);
    expect(texts(svg)).toEqual(expect.arrayContaining(["2026-01", "2026-03", "month", "3,000", "mrr (USD)"]));
  });

  it("is the same text each time, whatever was drawn before", async () => {
    const chart = await charted("heat", "a VARCHAR, b VARCHAR, N BIGINT", [
      ["x", "y", "3"],
      ["z", "y", "4"],
    ]);
    const first = await drawSvg(chart);
    expect(await drawSvg(chart)).toBe(first);
  });

  it("is XML whatever its texts hold", async () => {
    const chart = await charted("bar", '"a\\b" VARCHAR, N BIGINT', [["x\u0001\u001b\uffff", "3"]]);
    expect(await drawSvg(chart)).not.toMatch(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/u);
  });

  it("has axes and values of any name", async () => {
    const chart = await charted("bar", "__proto__ VARCHAR, constructor BIGINT", [["toString", "3"]]);
    expect(texts(await drawSvg(chart)).join()).toContain("constructor");
  });

  it("has a legend where there are several series, and none where not", async () => {
    const columns = "Country VARCHAR, N BIGINT, Status VARCHAR";
    const rows = [
      ["DE", "3", "paid"],
      ["FR", "1", "open"],
    ];
    expect(texts(await drawSvg(await charted("bar", columns, rows)))).toEqual(
      expect.arrayContaining(["Status", "paid", "open"]),
    );
    expect(texts(await drawSvg(await charted("bar Country N", columns, rows)))).not.toContain("paid");
  });

  it.each(["bar c n", "area t n by c", "hist n by c", "hist t", "heat c d by n", "line n m"])(
    "draws %s",
    async (words) => {
      const rows = [
        ["a", "x", "2026-01-05 10:00:00+00", "1", "-4"],
        ["b", "y", "2026-01-07 11:00:00+00", "2.5", "5"],
        ["c", "y", "2026-01-09 11:00:00+00", "7", "0"],
      ];
      const chart = await charted(words, "c VARCHAR, d VARCHAR, t TIMESTAMPTZ, n DOUBLE, m BIGINT", rows);
      for (const theme of ["light", "dark"] as const) {
        const svg = await drawSvg(chart, { theme });
        expect(svg).toContain("<path");
        expect(svg).not.toMatch(/NaN|undefined|\[object/);
      }
    },
  );

  it("writes what a customer has written as text alone", async () => {
    const evil = `<script>alert(1)</script>&"'\u0007`;
    const svg = await drawSvg(
      await charted("bar", `${"x".repeat(3)} VARCHAR, n BIGINT`, [
        [evil, "1"],
        ["__proto__", "2"],
        ["toString", "3"],
      ]),
    );
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u0007");
    expect(svg).toContain("&lt;script&gt;");
    expect(texts(svg).map((text) => text.replace("\u200b", ""))).toEqual(
      expect.arrayContaining(["__proto__", "toString"]),
    );
  });

  it("takes a ground of somebody's own", async () => {
    const chart = await charted("hist", "n BIGINT", [["1"]]);
    expect(await drawSvg(chart, { theme: "dark" })).toContain('fill="#16191d"');
    expect(await drawSvg(chart, { background: "transparent" })).not.toMatch(/<rect width="800" height="450" fill="#/);
  });
});
