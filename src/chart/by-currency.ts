import type { ResultColumn } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { chartError } from "./chart-error.js";
import type { ChosenColumn, ChosenColumns } from "./choose-columns.js";
import type { GatheredRow } from "./gather-rows.js";

/** Columns and rows of which no two currencies share a value. */
export interface OneCurrencyEach {
  readonly columns: ChosenColumns;
  readonly rows: readonly GatheredRow[];
  /** True where amounts of several currencies stand beside each other. */
  readonly isMixed: boolean;
  /** "USD" where all amounts are in it, undefined where there are none or several. */
  readonly currency: string | undefined;
}

/**
 * Parts amounts by their currencies, of which several are never added up: they are the series where nothing else is.
 *
 * @throws StripeSqlError 22023 where something else is.
 */
export function partByCurrency(
  columns: ChosenColumns,
  rows: readonly GatheredRow[],
  resultColumns: readonly ResultColumn[],
): OneCurrencyEach {
  const currencies = [...new Set(rows.flatMap(({ currency }) => currency ?? []))];
  const [first] = currencies;
  if (currencies.length < 2) return { columns, rows, isMixed: false, currency: first?.toUpperCase() };
  const { kind, x, by, currencyPlace: place } = columns;
  const isParted = by?.place === place || (kind === "bar" && x.place === place);
  if (isParted) return { columns, rows, isMixed: true, currency: undefined };
  if (kind === "heat" || (by !== undefined && columns.isByAsked)) {
    throw severalCurrencies(currencies, resultColumns[place ?? 0]?.name ?? "", kind === "heat");
  }
  return {
    columns: { ...columns, by: currencyColumn(place ?? 0, resultColumns) },
    rows: rows.map((row) => ({ ...row, by: row.currency })),
    isMixed: true,
    currency: undefined,
  };
}

function currencyColumn(place: number, resultColumns: readonly ResultColumn[]): ChosenColumn {
  const column = resultColumns[place];
  return { title: column?.heading ?? column?.name ?? "", measure: "text", place, currencyPlace: undefined };
}

function severalCurrencies(currencies: readonly string[], column: string, isHeat: boolean): Error {
  const only = `WHERE ${column} = '${currencies[0]}'`;
  return chartError(
    `the rows are of several currencies (${currencies.slice(0, 5).join(", ")}), which are not added up`,
    SqlState.invalidParameterValue,
    isHeat ? `Have the statement take one: ${only}.` : `Say by ${column}, or have the statement take one: ${only}.`,
  );
}
