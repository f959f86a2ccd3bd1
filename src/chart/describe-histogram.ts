import type { OneCurrencyEach } from "./by-currency.js";
import type { Histogram } from "./chart.js";
import { precisionOf } from "./read-value.js";
import { addUp, numberAxis, seriesOf } from "./series.js";
import { boundsOf, numberStops, timeStops } from "./ticks.js";

/** Two years are months. */
const mostBins = 25;

export function describeHistogram(parted: OneCurrencyEach): Histogram {
  const { columns, rows } = parted;
  const { series, indexOf } = seriesOf(parted);
  const isTime = columns.x.measure === "time";
  const values = rows.map(({ x }) => Number(x));
  const edges = isTime ? binEdges(values, timeStops) : binEdges(values, wholeOrNumberStops(values));
  const { points } = addUp(rows.map((row) => ({ x: binOf(Number(row.x), edges), series: indexOf(row), y: 1 })));
  const counts = points.map(({ x, series: index, y }) => ({ bin: x, series: index, y }));
  return {
    kind: "hist",
    x: isTime ? { kind: "time", title: columns.x.title, precision: precisionOf(edges) } : numberAxis(columns.x, parted),
    y: { kind: "number", title: "rows", digits: 0 },
    // Rows are rows, whatever their currency.
    series: { ...series, isStacked: true },
    edges,
    counts: counts.sort((a, b) => a.bin - b.bin || a.series - b.series),
    notes: [],
  };
}

type Stops = (bounds: readonly [number, number], pieces: number) => readonly number[];

function wholeOrNumberStops(values: readonly number[]): Stops {
  const wholes = values.every(Number.isInteger);
  return (bounds, pieces) => numberStops(bounds, pieces, { wholes });
}

/** The greatest value lies within the last bin, not at its end. */
function binEdges(values: readonly number[], stops: Stops): readonly number[] {
  const [least, most] = boundsOf(values);
  const edges = stops([least, most], mostBins);
  const [last = 0, before = 0] = edges.toReversed();
  if (last > most) return edges;
  return stops([least, last + (last - before) / 2], mostBins + 1);
}

/** The place of the last edge at or below a value. */
function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
