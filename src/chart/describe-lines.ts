import { SqlState } from "../error/sql-state.js";
import type { OneCurrencyEach } from "./by-currency.js";
import { categoriesOf } from "./category-axis.js";
import type { LineChart, Series } from "./chart.js";
import { chartError } from "./chart-error.js";
import { precisionOf } from "./read-value.js";
import type { Point } from "./series.js";
import { addUp, numberAxis, seriesOf } from "./series.js";

export function describeLines(kind: "line" | "area", parted: OneCurrencyEach): LineChart {
  const { columns, rows } = parted;
  const y = numberAxis(columns.y ?? columns.x, parted);
  const { series, indexOf } = seriesOf(parted);
  const { axis, placeOf } = axisOf(parted);
  const { points, notes } = addUp(rows.map((row) => ({ x: placeOf(row.x), series: indexOf(row), y: Number(row.y) })));
  const isPiled = kind === "area" && series.isStacked && series.names.length > 1;
  if (isPiled && points.some((point) => point.y < 0)) {
    throw chartError(
      `"${y.title}" has values below 0, which areas on top of each other cannot show`,
      SqlState.invalidParameterValue,
      "Take line or bar.",
    );
  }
  const whole = isPiled ? withZeros(points, series) : points;
  return { kind, x: axis, y, series, points: [...whole].sort((a, b) => a.x - b.x || a.series - b.series), notes };
}

function axisOf(parted: OneCurrencyEach): {
  readonly axis: LineChart["x"];
  readonly placeOf: (x: number | string) => number;
} {
  const { columns, rows } = parted;
  const { x } = columns;
  switch (x.measure) {
    case "text":
      return categoriesOf(
        x,
        rows.map((row) => row.x),
      );
    case "number":
      return { axis: numberAxis(x, parted), placeOf: Number };
    case "time": {
      const precision = precisionOf(rows.map((row) => Number(row.x)));
      return { axis: { kind: "time", title: x.title, precision }, placeOf: Number };
    }
  }
}

/** What stands on a series that has nothing at a place stands on 0 there. */
function withZeros(points: readonly Point[], { names }: Series): readonly Point[] {
  const known = new Set(points.map(({ x, series }) => `${series} ${x}`));
  const places = [...new Set(points.map(({ x }) => x))];
  const missing = places.flatMap((x) =>
    names.flatMap((_, series) => (known.has(`${series} ${x}`) ? [] : [{ x, series, y: 0 }])),
  );
  return [...points, ...missing];
}
