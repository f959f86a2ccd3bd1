import type { TopLevelSpec } from "vega-lite";
import type {
  BarChart,
  CategoryAxis,
  Chart,
  HeatMap,
  Histogram,
  LineChart,
  NumberAxis,
  Series,
  TimeAxis,
} from "./chart.js";
import { precisionOf } from "./read-value.js";
import { boundsOf, timeStops } from "./ticks.js";

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
  readonly background: string | undefined;
}

/** A chart in Vega-Lite's terms. Its data has short names of its own: columns may be called anything. */
export function vegaSpec(chart: Chart, look: Look): TopLevelSpec {
  return {
    ...{ width: look.width, height: look.height, autosize: { type: "fit", contains: "padding" } },
    description: descriptionOf(chart),
    background: look.background ?? themes[look.theme].background,
    config: configOf(look.theme),
    ...unitOf(chart, look),
  };
}

/** Vega keeps names and titles as keys of objects, which have some already. A sign without width makes them others. */
const keyOf = (name = ""): string => (name in {} ? `\u200b${name}` : name);

type UnitSpec = Extract<TopLevelSpec, { mark: unknown }>;
type Unit = Pick<UnitSpec, "mark" | "data"> & { readonly encoding: NonNullable<UnitSpec["encoding"]> };

function unitOf(chart: Chart, look: Look): Unit {
  switch (chart.kind) {
    case "bar":
      return barUnit(chart, look);
    case "line":
    case "area":
      return lineUnit(chart, look);
    case "hist":
      return histogramUnit(chart);
    case "heat":
      return heatUnit(chart, look);
  }
}

/** What a chart shows, in words. */
export function descriptionOf(chart: Chart): string {
  switch (chart.kind) {
    case "heat":
      return `Heat map of ${chart.value.title} by ${chart.x.title} and ${chart.y.title}`;
    case "hist":
      return `Histogram of ${chart.x.title}`;
    case "bar":
    case "line":
    case "area":
      return `${chart.kind === "bar" ? "Bar" : chart.kind === "line" ? "Line" : "Area"} chart of ${chart.y.title} by ${chart.x.title}`;
  }
}

function barUnit({ x, y, series, bars }: BarChart, look: Look): Unit {
  const isBeside = !series.isStacked && series.names.length > 1;
  return {
    mark: { type: "bar", tooltip: false },
    data: {
      values: bars.map((bar) => ({ x: keyOf(x.names[bar.x]), y: bar.y, series: keyOf(series.names[bar.series]) })),
    },
    encoding: {
      x: { field: "x", ...categoryAcross(x, look) },
      y: { field: "y", ...numberPosition(y, valuesOf(bars)), stack: series.isStacked ? "zero" : null },
      ...(isBeside && { xOffset: { field: "series", type: "nominal", sort: series.names.map((name) => keyOf(name)) } }),
      ...colorOf(series),
    },
  };
}

/** More points than this are a line by themselves. */
const mostMarks = 60;

function lineUnit({ kind, x, y, series, points }: LineChart, look: Look): Unit {
  const isMarked = points.length <= mostMarks * series.names.length;
  const isPiled = kind === "area" && series.isStacked;
  const placed = points.map((point) => ({
    x: x.kind === "categories" ? keyOf(x.names[point.x]) : point.x,
    y: point.y,
    series: keyOf(series.names[point.series]),
  }));
  return {
    mark:
      kind === "line" ? { type: "line", point: isMarked } : { type: "area", line: true, opacity: isPiled ? 0.8 : 0.4 },
    data: { values: placed },
    encoding: {
      x: {
        field: "x",
        ...positionOf(
          x,
          points.map((point) => point.x),
          look,
        ),
      },
      y: { field: "y", ...numberPosition(y, valuesOf(points)), stack: isPiled ? "zero" : null },
      ...colorOf(series),
    },
  };
}

function histogramUnit({ x, y, series, edges, counts }: Histogram): Unit {
  const values = counts.map((count) => ({
    ...{ from: edges[count.bin], to: edges[count.bin + 1], y: count.y },
    series: keyOf(series.names[count.series]),
  }));
  return {
    mark: { type: "bar", binSpacing: 1 },
    data: { values },
    encoding: {
      x: { field: "from", ...measuredPosition(x, edges), bin: "binned" },
      x2: { field: "to" },
      y: { field: "y", ...numberPosition(y, valuesOf(counts)), stack: "zero" },
      ...colorOf(series),
    },
  };
}

function heatUnit({ x, y, value, cells }: HeatMap, look: Look): Unit {
  const hasNegatives = cells.some((cell) => cell.value < 0);
  const scale = hasNegatives ? { scheme: "redblue" as const, domainMid: 0 } : { scheme: themes[look.theme].heatScheme };
  return {
    mark: { type: "rect" },
    data: {
      values: cells.map((cell) => ({ x: keyOf(x.names[cell.x]), y: keyOf(y.names[cell.y]), value: cell.value })),
    },
    encoding: {
      x: { field: "x", ...categoryAcross(x, look) },
      y: { field: "y", ...categoryPosition(y) },
      color: {
        field: "value",
        type: "quantitative",
        title: keyOf(value.title),
        scale,
        legend: { format: numberFormat },
      },
    },
  };
}

/** As many digits as the steps between the ticks have. */
const numberFormat = ",f";

const valuesOf = (marks: readonly { readonly y: number }[]): readonly number[] => marks.map(({ y }) => y);

function numberPosition({ title }: NumberAxis, values: readonly number[]) {
  const step = values.every(Number.isInteger) ? { tickMinStep: 1 } : {};
  return { type: "quantitative" as const, title: keyOf(title), axis: { format: numberFormat, ...step } };
}

/** Pixels that a letter takes, and those of a picture that are not the axis's. */
const letterWidth = 7;
const besideAxis = 150;

/** Across, names stand upright only where there is no room for them side by side. */
function categoryAcross(axis: CategoryAxis, { width }: Look) {
  const letters = Math.max(...axis.names.map((name) => name.length)) + 2;
  const fits = letters * letterWidth * axis.names.length < width - besideAxis;
  const position = categoryPosition(axis);
  return { ...position, axis: { ...position.axis, labelAngle: fits ? 0 : -90 } };
}

function categoryPosition({ title, names }: CategoryAxis) {
  return {
    ...{
      type: "nominal" as const,
      title: keyOf(title),
      sort: names.map((name) => keyOf(name)),
      scale: { domain: names.map((name) => keyOf(name)) },
    },
    axis: { labelOverlap: true, labelLimit: 150 },
  };
}

function positionOf(axis: CategoryAxis | TimeAxis | NumberAxis, values: readonly number[], look: Look) {
  return axis.kind === "categories" ? categoryAcross(axis, look) : measuredPosition(axis, values);
}

function measuredPosition(axis: TimeAxis | NumberAxis, values: readonly number[]) {
  if (axis.kind === "number") return { ...numberPosition(axis, values), scale: { zero: false } };
  const stops = timeStops(boundsOf(values), mostTimeLabels);
  const labelExpr = `utcFormat(datum.value, '${timeFormats[precisionOf(stops)]}')`;
  return {
    ...{ type: "temporal" as const, title: keyOf(axis.title), scale: { type: "utc" as const } },
    axis: { values: [...stops], labelExpr, labelOverlap: true, grid: false },
  };
}

const mostTimeLabels = 8;

/** Of d3-time-format: what `timeLabel` makes of times. */
const timeFormats = {
  ...{ year: "%Y", month: "%Y-%m", day: "%Y-%m-%d" },
  ...{ minute: "%Y-%m-%d %H:%M", second: "%Y-%m-%d %H:%M:%S" },
} as const;

function colorOf({ title, names }: Series) {
  if (title === undefined) return {};
  const type = "nominal" as const;
  return {
    color: {
      field: "series",
      type,
      title: keyOf(title),
      sort: names.map((name) => keyOf(name)),
      scale: { domain: names.map((name) => keyOf(name)) },
    },
  };
}

const themes = {
  light: { background: "#ffffff", text: "#24292f", lines: "#d0d7de", heatScheme: "blues" },
  dark: { background: "#16191d", text: "#e6e8ea", lines: "#3a4149", heatScheme: "viridis" },
} as const;

/** Colours that are told apart on their ground, also by who sees some of them alike. */
const lightColors = [
  ...["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"],
  ...["#bbbbbb", "#ee7733", "#009988", "#997700", "#ee99aa", "#6699cc"],
];

const darkColors = [
  ...["#77aadd", "#ee8866", "#44bb99", "#eedd88", "#ffaabb", "#99ddff"],
  ...["#bbcc33", "#dddddd", "#cc99ff", "#ff7777", "#88cc88", "#aaaa55"],
];

function configOf(theme: Look["theme"]): NonNullable<TopLevelSpec["config"]> {
  const { text, lines } = themes[theme];
  const colors = theme === "light" ? lightColors : darkColors;
  return {
    font: "DejaVu Sans, system-ui, sans-serif",
    axis: {
      ...{ labelColor: text, titleColor: text, titleFontWeight: "normal" },
      ...{ gridColor: lines, domainColor: lines, tickColor: lines },
    },
    axisBand: { grid: false },
    legend: { labelColor: text, titleColor: text, titleFontWeight: "normal" },
    view: { stroke: "transparent" },
    range: { category: colors },
    mark: { color: colors[0] ?? text },
  };
}
