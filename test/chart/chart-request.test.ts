import { describe, expect, it } from "vitest";
import { parseChartRequest } from "../../src/chart/chart-request.js";

describe("what somebody asks a chart to show", () => {
  it.each([
    ["", {}],
    ["bar", { kind: "bar" }],
    ["BAR month", { kind: "bar", x: "month" }],
    ["line month mrr BY currency", { kind: "line", x: "month", y: "mrr", by: "currency" }],
    ["hist by status", { kind: "hist", by: "status" }],
    ['area "by" y', { kind: "area", x: "by", y: "y" }],
    ['bar "a""b"', { kind: "bar", x: 'a"b' }],
  ])("reads %j", (text, request) => {
    expect(parseChartRequest(text.split(" ").filter((word) => word !== ""))).toEqual(request);
  });

  it.each([
    ["bars", 'there is no chart "bars"', 'Did you mean "bar"?', "22023"],
    ["histogramme", 'there is no chart "histogramme"', 'Did you mean "hist"?', "22023"],
    ["sankey", 'there is no chart "sankey"', "There are bar, line, area, hist, heat.", "22023"],
    ["bar a b c", '"c" is one word too many', expect.stringContaining("by Z"), "42601"],
    ["bar a by b c", '"c" is one word too many', expect.stringContaining("by Z"), "42601"],
    ["bar a by", "by needs a column", expect.stringContaining("by Z"), "42601"],
  ])("refuses %j", (text, message, hint, sqlState) => {
    expect(() => parseChartRequest(text.split(" "))).toThrow(expect.objectContaining({ message, hint, sqlState }));
  });
});
