import type { OneCurrencyEach } from "./by-currency.js";
import { categoriesOf } from "./category-axis.js";
import type { HeatMap } from "./chart.js";
import { addUp, numberAxis } from "./series.js";

/** Without a column of values, each cell counts its rows. */
export function describeHeatMap(parted: OneCurrencyEach): HeatMap {
  const { columns, rows } = parted;
  const { by } = columns;
  const across = columns.x;
  const down = columns.y ?? columns.x;
  const x = categoriesOf(
    across,
    rows.map((row) => row.x),
  );
  const y = categoriesOf(
    down,
    rows.map((row) => row.y ?? ""),
  );
  const { points, notes } = addUp(
    rows.map((row) => ({
      x: x.placeOf(row.x),
      series: y.placeOf(row.y ?? ""),
      y: by === undefined ? 1 : Number(row.by),
    })),
  );
  return {
    kind: "heat",
    x: x.axis,
    y: y.axis,
    value: by === undefined ? { kind: "number", title: "rows", digits: 0 } : numberAxis(by, parted),
    cells: points.map((point) => ({ x: point.x, y: point.series, value: point.y })),
    notes: by === undefined ? [] : notes,
  };
}
