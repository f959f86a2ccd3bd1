import type { BarChart, Histogram } from "../../chart/chart.js";
import { precisionOf, timeLabel } from "../../chart/read-value.js";
import { displayWidth, fitText } from "../../output/display-width.js";
import { numberText, stopTexts } from "./number-text.js";
import type { PlotLook } from "./plot-look.js";
import { colored, filling, legend } from "./plot-look.js";

/** One line of a bar chart. */
interface BarLine {
  readonly labels: readonly string[];
  /** One after the other, from 0 on. */
  readonly parts: readonly { readonly value: number; readonly series: number }[];
  readonly text: string;
}

/** A bar a line, which leaves room for its value: a line for each series, as stacked ones could not be compared. */
export function plotBars({ x, y, series, bars }: BarChart, look: PlotLook): readonly string[] {
  const isParted = series.title !== undefined;
  let shown: number | undefined;
  const lines = bars.map((bar): BarLine => {
    const label = bar.x === shown ? "" : (x.names[bar.x] ?? "");
    shown = bar.x;
    return {
      labels: isParted ? [label, series.names[bar.series] ?? ""] : [label],
      parts: [{ value: bar.y, series: bar.series }],
      text: numberText(bar.y, y.digits),
    };
  });
  const by = isParted ? `${x.title}, ${series.title}` : x.title;
  return [`${y.title} by ${by}`, "", ...barLines(lines, () => "█", look)];
}

/** A bin a line, those without rows too. */
export function plotHistogram({ x, y, series, edges, counts }: Histogram, look: PlotLook): readonly string[] {
  const names = x.kind === "time" ? edges.map((edge) => timeLabel(edge, precisionOf(edges))) : stopTexts(edges);
  const lines = edges.slice(1).map((_, bin): BarLine => {
    const parts = counts
      .filter((count) => count.bin === bin)
      .map((count) => ({ value: count.y, series: count.series }));
    const total = parts.reduce((sum, { value }) => sum + value, 0);
    return { labels: [`${names[bin]} – ${names[bin + 1]}`], parts, text: numberText(total, 0) };
  });
  const keys = series.title === undefined ? [] : ["", ...legend(series.names, filling, look)];
  return [`${y.title} by ${x.title}`, "", ...barLines(lines, filling, look), ...keys];
}

/** Labels take a third of the width at most. */
function barLines(lines: readonly BarLine[], fill: (series: number) => string, look: PlotLook): readonly string[] {
  const columns = lines[0]?.labels.map((_, column) => widest(lines.map(({ labels }) => labels[column] ?? ""))) ?? [];
  const most = Math.floor(look.width / 3 / Math.max(1, columns.length));
  const widths = columns.map((width) => Math.min(width, most));
  const used = widths.reduce((sum, width) => sum + width + 1, 0) + 2 + widest(lines.map(({ text }) => text));
  const ends = lines.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const scale = { least: Math.min(0, ...ends), most: Math.max(0, ...ends), width: Math.max(4, look.width - used) };
  return lines.map(({ labels, parts, text }) => {
    const label = labels.map((part, column) => fitText(part, widths[column] ?? 0)).join(" ");
    return `${label} ${barText(parts, scale, fill, look)} ${text}`.trimEnd();
  });
}

interface BarScale {
  readonly least: number;
  readonly most: number;
  readonly width: number;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Left of the zero line, cells are whole or half; right of it, a bar of one part ends at an eighth of one. */
function barText(
  parts: BarLine["parts"],
  { least, most, width }: BarScale,
  fill: (series: number) => string,
  look: PlotLook,
): string {
  const unit = most > least ? width / (most - least) : 0;
  const left = Math.round(-least * unit);
  const [first] = parts;
  if (first === undefined) return `${" ".repeat(left)}│`;
  if (first.value < 0) {
    const halves = Math.min(left * 2, Math.max(1, Math.round(-first.value * unit * 2)));
    const cells = `${halves % 2 === 1 ? "▐" : ""}${"█".repeat(Math.floor(halves / 2))}`;
    return `${" ".repeat(left - cells.length)}${colored(cells, first.series, look)}│`;
  }
  if (parts.length === 1) {
    const length = first.value === 0 ? 0 : Math.max(1, Math.round(first.value * unit * 8));
    const isBlock = fill(first.series) === "█";
    const cells = isBlock
      ? "█".repeat(Math.floor(length / 8)) + (eighths[length % 8] ?? "")
      : fill(first.series).repeat(Math.max(1, Math.round(length / 8)));
    return `${" ".repeat(left)}│${colored(cells, first.series, look)}`;
  }
  let sum = 0;
  let drawn = 0;
  const cells = parts.map(({ value, series }) => {
    sum += value;
    // What there is is seen, however little it is.
    const end = Math.max(drawn + 1, Math.round(sum * unit));
    const text = fill(series).repeat(end - drawn);
    drawn = end;
    return colored(text, series, look);
  });
  return `${" ".repeat(left)}│${cells.join("")}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}
