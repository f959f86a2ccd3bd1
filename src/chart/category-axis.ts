import { SqlState } from "../error/sql-state.js";
import type { CategoryAxis } from "./chart.js";
import { chartError } from "./chart-error.js";
import type { ChosenColumn } from "./choose-columns.js";
import { naming, placesOf } from "./naming.js";

const mostCategories = 100;

export interface Categories {
  readonly axis: CategoryAxis;
  /** The place of a value. */
  readonly placeOf: (value: number | string) => number;
}

/** Texts in the order in which they came, times and numbers in theirs. */
export function categoriesOf(column: ChosenColumn, values: readonly (number | string)[]): Categories {
  const distinct = [...placesOf(values).keys()];
  if (column.measure !== "text") distinct.sort((a, b) => Number(a) - Number(b));
  const nameOf = naming(column, distinct);
  const places = placesOf(distinct.map(nameOf));
  if (places.size > mostCategories) throw tooMany(column, places.size);
  const axis = { kind: "categories", title: column.title, names: [...places.keys()] } as const;
  return { axis, placeOf: (value) => places.get(nameOf(value)) ?? 0 };
}

function tooMany({ title, measure }: ChosenColumn, count: number): Error {
  return chartError(
    `"${title}" has ${count} values, and there is room for ${mostCategories}`,
    SqlState.programLimitExceeded,
    measure === "text"
      ? "Have the statement keep those that matter: ORDER BY … DESC LIMIT 20."
      : "Take a line, or hist, or have the statement gather them: date_trunc('month', …) for times.",
  );
}
