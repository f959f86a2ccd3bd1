import { SqlState } from "../error/sql-state.js";
import { currencyDigits } from "../value/currency-digits.js";
import type { OneCurrencyEach } from "./by-currency.js";
import type { NumberAxis, Series } from "./chart.js";
import { chartError } from "./chart-error.js";
import type { ChosenColumn } from "./choose-columns.js";
import type { GatheredRow } from "./gather-rows.js";
import { rowCount } from "./gather-rows.js";
import { naming, placesOf } from "./naming.js";

/** As many colours and marks as can be told apart. */
export const mostSeries = 12;

/** The series of the rows, and which of them each row is of. */
export function seriesOf({ columns: { by }, rows, isMixed }: OneCurrencyEach): {
  readonly series: Series;
  readonly indexOf: (row: GatheredRow) => number;
} {
  if (by === undefined) return { series: { title: undefined, names: [""], isStacked: !isMixed }, indexOf: () => 0 };
  const values = [...placesOf(rows.map((row) => row.by ?? "")).keys()].sort(inOrder);
  const nameOf = naming(by, values);
  const places = placesOf(values.map(nameOf));
  if (places.size > mostSeries) {
    throw chartError(
      `"${by.title}" has ${places.size} values, and a chart at most ${mostSeries} series`,
      SqlState.programLimitExceeded,
      "Have the statement keep those that matter, or take another column by which there are fewer.",
    );
  }
  const series = { title: by.title, names: [...places.keys()], isStacked: !isMixed };
  return { series, indexOf: (row) => places.get(nameOf(row.by ?? "")) ?? 0 };
}

const collator = new Intl.Collator("en", { numeric: true });

/** Whatever order the rows have come in, so that a series keeps its colour. */
function inOrder(one: number | string, other: number | string): number {
  return typeof one === "number" && typeof other === "number"
    ? one - other
    : collator.compare(String(one), String(other));
}

/** The axis of a column's numbers. */
export function numberAxis(column: ChosenColumn, { currency, isMixed }: OneCurrencyEach): NumberAxis {
  const { title, currencyPlace } = column;
  if (currencyPlace === undefined) return { kind: "number", title, digits: undefined };
  if (isMixed) return { kind: "number", title: `${title} (each in its currency)`, digits: 2 };
  if (currency === undefined) return { kind: "number", title, digits: undefined };
  return { kind: "number", title: `${title} (${currency})`, digits: currencyDigits(currency) };
}

export interface Point {
  readonly x: number;
  readonly series: number;
  readonly y: number;
}

/** One point for each place: values of several rows at one are added up, which is said. */
export function addUp(points: Iterable<Point>): {
  readonly points: readonly Point[];
  readonly notes: readonly string[];
} {
  const sums = new Map<string, Point>();
  let added = 0;
  for (const point of points) {
    const key = `${point.series} ${point.x}`;
    const before = sums.get(key);
    if (before !== undefined) added += 1;
    sums.set(key, before === undefined ? point : { ...point, y: before.y + point.y });
  }
  const notes = added === 0 ? [] : [`${rowCount(added)} added to others of the same place`];
  return { points: [...sums.values()], notes };
}
