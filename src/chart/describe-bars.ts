import type { OneCurrencyEach } from "./by-currency.js";
import { categoriesOf } from "./category-axis.js";
import type { BarChart } from "./chart.js";
import { addUp, numberAxis, seriesOf } from "./series.js";

export function describeBars(parted: OneCurrencyEach): BarChart {
  const { columns, rows } = parted;
  const { series, indexOf } = seriesOf(parted);
  const { axis, placeOf } = categoriesOf(
    columns.x,
    rows.map(({ x }) => x),
  );
  const { points, notes } = addUp(rows.map((row) => ({ x: placeOf(row.x), series: indexOf(row), y: Number(row.y) })));
  const bars = [...points].sort((a, b) => a.x - b.x || a.series - b.series);
  return { kind: "bar", x: axis, y: numberAxis(columns.y ?? columns.x, parted), series, bars, notes };
}
