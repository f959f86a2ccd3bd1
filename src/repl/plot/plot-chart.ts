import type { Chart } from "../../chart/chart.js";
import { plotBars, plotHistogram } from "./plot-bars.js";
import { plotHeatMap } from "./plot-heat-map.js";
import { plotLines } from "./plot-lines.js";
import type { PlotLook } from "./plot-look.js";

/**
 * A chart as text of a terminal.
 *
 * @throws StripeSqlError 54000 where the terminal is too narrow for it.
 */
export function plotChart(chart: Chart, look: PlotLook): string {
  return `${linesOf(chart, look).join("\n")}\n`;
}

function linesOf(chart: Chart, look: PlotLook): readonly string[] {
  switch (chart.kind) {
    case "bar":
      return plotBars(chart, look);
    case "line":
    case "area":
      return plotLines(chart, look);
    case "hist":
      return plotHistogram(chart, look);
    case "heat":
      return plotHeatMap(chart, look);
  }
}
