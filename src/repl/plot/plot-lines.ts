import type { CategoryAxis, LineChart, NumberAxis, TimeAxis } from "../../chart/chart.js";
import { precisionOf, timeLabel } from "../../chart/read-value.js";
import { boundsOf, numberStops, timeStops } from "../../chart/ticks.js";
import { displayWidth } from "../../output/display-width.js";
import { BrailleCanvas } from "./braille-canvas.js";
import { stopTexts } from "./number-text.js";
import type { PlotLook } from "./plot-look.js";
import { colored, filling, legend, lineMark } from "./plot-look.js";

type Point = LineChart["points"][number];

/** Lines of braille dots between axes; areas on top of each other are filled cell by cell, as dots cannot tell them apart. */
export function plotLines(chart: LineChart, look: PlotLook): readonly string[] {
  const { x, y, series, kind } = chart;
  const isPiled = kind === "area" && series.isStacked && series.names.length > 1;
  const height = Math.max(10, Math.min(24, Math.round(look.width / 5)));
  const wholes = chart.points.every((point) => Number.isInteger(point.y));
  const stops = numberStops(valueBounds(chart, isPiled), Math.floor(height / 3), { wholes });
  const texts = stopTexts(stops);
  const margin = texts.reduce((width, text) => Math.max(width, text.length), 0);
  const canvas = new BrailleCanvas(Math.max(10, look.width - margin - 3), height);
  const frame: Frame = {
    canvas,
    across: scale(boundsOf(chart.points.map((point) => point.x)), canvas.dotsAcross),
    up: scale([stops[0] ?? 0, stops.at(-1) ?? 1], canvas.dotsUp),
  };
  if (isPiled) pile(chart, frame);
  else drawLines(chart, frame);
  const labels = new Map(stops.map((stop, index) => [rowOf(frame.up(stop), canvas), texts[index] ?? ""]));
  const rows = canvas
    .rows((text, index) => colored(text, index, look))
    .map((row, index) => {
      const label = labels.get(index);
      return `${(label ?? "").padStart(margin)} ${label === undefined ? "│" : "┤"}${row}`;
    });
  const keys = series.title === undefined ? [] : legend(series.names, isPiled ? filling : lineMark, look);
  const title = `${y.title} by ${x.title}${series.title === undefined ? "" : `, ${series.title}`}`;
  return [title, ...keys, "", ...rows, ...axisLines(x, { chart, frame, margin })];
}

interface Frame {
  readonly canvas: BrailleCanvas;
  /** Values to dots. */
  readonly across: (value: number) => number;
  readonly up: (value: number) => number;
}

function scale([least, most]: readonly [number, number], dots: number): (value: number) => number {
  return (value) => (most > least ? Math.round(((value - least) / (most - least)) * (dots - 1)) : Math.floor(dots / 2));
}

const rowOf = (dot: number, canvas: BrailleCanvas): number => Math.floor((canvas.dotsUp - 1 - dot) / 4);

/** With 0, from which heights are told. */
function valueBounds({ points }: LineChart, isPiled: boolean): readonly [number, number] {
  const sums = new Map<number, number>();
  for (const { x, y } of points) sums.set(x, (sums.get(x) ?? 0) + y);
  const [least, most] = boundsOf(isPiled ? [...sums.values()] : points.map(({ y }) => y));
  return [Math.min(0, least), Math.max(0, most)];
}

/** Between marks of one series, in dots: nearer ones would hide the line. */
const betweenMarks = 16;

function drawLines({ kind, series, points }: LineChart, { canvas, across, up }: Frame): void {
  const isParted = series.names.length > 1;
  const places = series.names.map((_, index) => points.filter((point) => point.series === index));
  const dotOf = (point: Point): readonly [number, number] => [across(point.x), up(point.y)];
  places.forEach((own, index) => {
    own.forEach((point, place) => {
      canvas.line(dotOf(own[place - 1] ?? point), dotOf(point), index);
    });
    if (kind === "area" && !isParted) fill(own, { canvas, across, up });
  });
  places.forEach((own, index) => {
    // One line needs no marks, but one point does.
    if (!isParted && own.length > 1) return;
    let marked = Number.NEGATIVE_INFINITY;
    for (const point of own) {
      const [x, y] = dotOf(point);
      if (x - marked < betweenMarks) continue;
      canvas.sign(x, y, { text: lineMark(index), series: index });
      marked = x;
    }
  });
}

/** Dots between the line and 0. */
function fill(points: readonly Point[], { canvas, across, up }: Frame): void {
  const zero = up(0);
  const heightAt = interpolated(points.map((point) => [across(point.x), up(point.y)]));
  for (let x = 0; x < canvas.dotsAcross; x += 1) {
    const height = heightAt(x);
    if (height === undefined) continue;
    const end = Math.round(height);
    for (let y = Math.min(zero, end); y <= Math.max(zero, end); y += 1) canvas.dot(x, y, 0);
  }
}

/** Cells up to the sums of the series. */
function pile({ series, points }: LineChart, { canvas, across, up }: Frame): void {
  const heights = series.names.map((_, index) =>
    interpolated(points.filter((point) => point.series === index).map((point) => [across(point.x), point.y])),
  );
  for (let column = 0; column < canvas.width; column += 1) {
    let sum = 0;
    let drawn = 0;
    heights.forEach((heightAt, index) => {
      sum += heightAt(column * 2) ?? heightAt(column * 2 + 1) ?? 0;
      const end = Math.round((up(sum) + 1) / 4);
      for (let row = drawn; row < end; row += 1) {
        canvas.sign(column * 2, row * 4, { text: filling(index), series: index });
      }
      drawn = Math.max(drawn, end);
    });
  }
}

/** The height of a line of points, by x; undefined before the first and behind the last. */
function interpolated(points: readonly (readonly [x: number, y: number])[]): (x: number) => number | undefined {
  return (x) => {
    const next = points.findIndex(([place]) => place >= x);
    const [after, before] = [points[next], points[next - 1] ?? points[next]];
    if (after === undefined || before === undefined || (next === 0 && after[0] > x)) return undefined;
    if (after[0] === before[0]) return after[1];
    return before[1] + ((after[1] - before[1]) * (x - before[0])) / (after[0] - before[0]);
  };
}

interface AxisPlace {
  readonly chart: LineChart;
  readonly frame: Frame;
  readonly margin: number;
}

/** The axis with its ticks, and their labels below: as many as have room. */
function axisLines(x: LineChart["x"], { chart, frame, margin }: AxisPlace): readonly string[] {
  const { width } = frame.canvas;
  const line = new Array<string>(width).fill("─");
  const labels = new Array<string>(width).fill(" ");
  let free = 0;
  for (const { value, text } of axisStops(x, chart.points, width)) {
    const column = Math.floor(frame.across(value) / 2);
    const length = displayWidth(text);
    const start = Math.max(0, Math.min(width - length, column - Math.floor(length / 2)));
    if (start < free || length > width) continue;
    line[column] = "┬";
    labels.splice(start, length, text, ...new Array<string>(Math.max(0, length - 1)).fill(""));
    free = start + length + 2;
  }
  const indent = " ".repeat(margin + 1);
  return [`${indent}└${line.join("")}`, `${indent} ${labels.join("").trimEnd()}`];
}

interface AxisStop {
  readonly value: number;
  readonly text: string;
}

function axisStops(
  axis: CategoryAxis | TimeAxis | NumberAxis,
  points: readonly Point[],
  width: number,
): readonly AxisStop[] {
  if (axis.kind === "categories") return axis.names.map((text, value) => ({ value, text }));
  const bounds = boundsOf(points.map(({ x }) => x));
  const isInside = ({ value }: AxisStop) => value >= bounds[0] && value <= bounds[1];
  if (axis.kind === "number") {
    const stops = numberStops(bounds, Math.floor(width / 12), { wholes: points.every(({ x }) => Number.isInteger(x)) });
    const texts = stopTexts(stops);
    return stops.map((value, index) => ({ value, text: texts[index] ?? "" })).filter(isInside);
  }
  if (bounds[0] === bounds[1]) return [{ value: bounds[0], text: timeLabel(bounds[0], axis.precision) }];
  const stops = timeStops(bounds, Math.floor(width / 13));
  const precision = precisionOf(stops);
  return stops.map((value) => ({ value, text: timeLabel(value, precision) })).filter(isInside);
}
