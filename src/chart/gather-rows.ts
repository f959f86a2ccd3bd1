import type { ResultColumn } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { currencyDigits } from "../value/currency-digits.js";
import { visibleText } from "../value/visible-text.js";
import type { TextRow } from "./chart.js";
import { chartError } from "./chart-error.js";
import type { ChosenColumn, ChosenColumns } from "./choose-columns.js";
import { numberOf, timeOf } from "./read-value.js";

/** More would make a chart that nobody can read, and a file that nobody can open. */
const mostRows = 100_000;

/** One row of those that the chart shows: of the columns that it has, none is NULL. */
export interface GatheredRow {
  /** A number for times and numbers, times in milliseconds. */
  readonly x: number | string;
  readonly y: number | string | undefined;
  readonly by: number | string | undefined;
  /** In lower case. Undefined where there is none. */
  readonly currency: string | undefined;
}

export interface GatheredRows {
  readonly rows: readonly GatheredRow[];
  /** Which rows are left out. */
  readonly notes: readonly string[];
}

/** The rows' values, amounts in the currency itself. What has no place in a chart is left out and counted. */
export async function gatherRows(
  { x, y, by, currencyPlace }: ChosenColumns,
  rows: AsyncIterable<TextRow> | Iterable<TextRow>,
  columns: readonly ResultColumn[],
): Promise<GatheredRows> {
  const isMoney = [x, y, by].some((column) => column?.currencyPlace !== undefined);
  const without = new Map<string, number>();
  const leaveOut = (title: string) => void without.set(title, (without.get(title) ?? 0) + 1);
  const gathered: GatheredRow[] = [];
  for await (const texts of rows) {
    if (gathered.length === mostRows) throw tooManyRows();
    const currency = currencyAt(currencyPlace, texts);
    const read = (column: ChosenColumn | undefined) => (column === undefined ? undefined : value(column, texts));
    const row = { x: read(x), y: read(y), by: read(by), currency };
    const missing = missingTitle(row, { x, y, by });
    if (missing !== undefined) leaveOut(missing);
    else if (isMoney && currencyPlace !== undefined && !currency) leaveOut(columns[currencyPlace]?.name ?? "");
    else if (row.x !== undefined) gathered.push({ ...row, x: row.x });
  }
  return {
    rows: gathered,
    notes: [...without].map(([title, count]) => `${rowCount(count)} without "${title}" left out`),
  };
}

function currencyAt(place: number | undefined, texts: TextRow): string | undefined {
  return place === undefined ? undefined : texts[place]?.toLowerCase();
}

function value(column: ChosenColumn, texts: TextRow): number | string | undefined {
  const text = texts[column.place] ?? null;
  if (text === null) return undefined;
  switch (column.measure) {
    case "time":
      return timeOf(text);
    case "text":
      return visibleText(text);
    case "number": {
      const number = numberOf(text);
      const currency = currencyAt(column.currencyPlace, texts);
      if (!currency || number === undefined) return number;
      return number / 10 ** currencyDigits(currency);
    }
  }
}

type Values = Readonly<Record<"x" | "y" | "by", number | string | undefined>>;

function missingTitle(row: Values, { x, y, by }: Pick<ChosenColumns, "x" | "y" | "by">): string | undefined {
  if (row.x === undefined) return x.title;
  if (y !== undefined && row.y === undefined) return y.title;
  return by !== undefined && row.by === undefined ? by.title : undefined;
}

export const rowCount = (count: number): string => (count === 1 ? "1 row" : `${count} rows`);

function tooManyRows(): Error {
  return chartError(
    `a chart takes at most ${mostRows} rows`,
    SqlState.programLimitExceeded,
    "Have the statement add them up: GROUP BY, or date_trunc('month', …) for times.",
  );
}
