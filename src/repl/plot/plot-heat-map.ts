import type { HeatMap } from "../../chart/chart.js";
import { chartError } from "../../chart/chart-error.js";
import { boundsOf } from "../../chart/ticks.js";
import { SqlState } from "../../error/sql-state.js";
import { displayWidth, fitText } from "../../output/display-width.js";
import { numberText } from "./number-text.js";
import type { PlotLook } from "./plot-look.js";
import { inColor, inLines } from "./plot-look.js";

/** From the least values to the greatest; a cell that has none is empty. */
const shades = ["·", "░", "▒", "▓", "█"];
const shadeColors = [153, 111, 69, 63, 57];

const widestCell = 10;

export function plotHeatMap({ x, y, value, cells }: HeatMap, look: PlotLook): readonly string[] {
  const labelWidth = Math.min(widest(y.names), Math.floor(look.width / 3));
  const cellWidth = Math.min(widestCell, Math.floor((look.width - labelWidth - 2) / x.names.length));
  if (cellWidth < 1) {
    throw chartError(
      `"${x.title}" has ${x.names.length} values, more than this terminal has room for`,
      SqlState.programLimitExceeded,
      "Take a wider one, the other column as x, or a picture: to FILE.svg.",
    );
  }
  const [least, most] = boundsOf(cells.map((cell) => cell.value));
  const shadeOf = (number: number) =>
    most > least ? Math.min(shades.length - 1, Math.floor(((number - least) / (most - least)) * shades.length)) : 4;
  const shown = new Map(cells.map((cell) => [`${cell.x} ${cell.y}`, shadeOf(cell.value)]));
  const rows = y.names.map((name, row) => {
    const texts = x.names.map((_, column) => shade(shown.get(`${column} ${row}`), cellWidth, look));
    return `${fitText(name, labelWidth)} │${texts.join("")}`.trimEnd();
  });
  return [
    `${value.title} by ${x.title} and ${y.title}`,
    "",
    ...rows,
    `${" ".repeat(labelWidth)} └${"─".repeat(cellWidth * x.names.length)}`,
    `${" ".repeat(labelWidth + 2)}${columnLabels(x.names, cellWidth)}`.trimEnd(),
    "",
    ...shadeLegend([least, most], value.digits, look),
  ];
}

/** Cells of more than one column leave one free between them. */
function shade(index: number | undefined, width: number, { isColored }: PlotLook): string {
  if (index === undefined) return " ".repeat(width);
  const text = (shades[index] ?? "").repeat(Math.max(1, width - 1));
  return (isColored ? inColor(text, shadeColors[index] ?? 0) : text) + " ".repeat(width > 1 ? 1 : 0);
}

/** As many labels as have room, each at its cell's begin. */
function columnLabels(names: readonly string[], cellWidth: number): string {
  const length = widest(names) + 1;
  const every = Math.ceil(Math.min(length, Math.max(cellWidth, 12)) / cellWidth);
  return names
    .filter((_, index) => index % every === 0)
    .map((name) => fitText(fitText(name, Math.min(every * cellWidth - 1, length)), every * cellWidth))
    .join("");
}

function shadeLegend([least, most]: readonly [number, number], digits: number | undefined, look: PlotLook) {
  if (least === most) return [`${shade(4, 1, look)} ${numberText(most, digits)}`];
  const edge = (index: number) => numberText(least + ((most - least) * index) / shades.length, digits);
  const keys = shades.map((_, index) => {
    const bounds = `${edge(index)} – ${edge(index + 1)}`;
    return { text: `${shade(index, 1, look)} ${bounds}`, width: bounds.length + 2 };
  });
  return inLines(keys, look.width);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}
