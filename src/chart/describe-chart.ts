import type { ResultColumn } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import type { OneCurrencyEach } from "./by-currency.js";
import { partByCurrency } from "./by-currency.js";
import type { Chart, TextRow } from "./chart.js";
import { chartError } from "./chart-error.js";
import type { ChartRequest } from "./chart-request.js";
import type { ChosenColumns } from "./choose-columns.js";
import { chooseColumns } from "./choose-columns.js";
import { describeBars } from "./describe-bars.js";
import { describeHeatMap } from "./describe-heat-map.js";
import { describeHistogram } from "./describe-histogram.js";
import { describeLines } from "./describe-lines.js";
import type { GatheredRow } from "./gather-rows.js";
import { gatherRows } from "./gather-rows.js";
import { mostSeries } from "./series.js";

/**
 * Makes of a result what a chart shows of it. Amounts are in the currency itself where the result tells it, and those of
 * several currencies are never added up; NULLs are left out, which the chart's notes say, as they do where rows of the
 * same place are added up.
 *
 * @param columns As the driver tells them; the rows are of the same order, as texts of the style "sql" or "iso".
 * @throws StripeSqlError 42703 for a column that there is not, 42804 for one of an unfit type, 02000 for a result without
 * rows to show, 22023 for values that the kind cannot show, 54000 for more than a chart holds.
 */
export async function describeChart(
  request: ChartRequest,
  columns: readonly ResultColumn[],
  rows: AsyncIterable<TextRow> | Iterable<TextRow>,
): Promise<Chart> {
  if (columns.length === 0) throw chartError("the statement gives no rows to show", SqlState.noData);
  const chosen = chooseColumns(request, columns);
  const gathered = await gatherRows(chosen, rows, columns);
  if (gathered.rows.length === 0) {
    const why = gathered.notes.length === 0 ? "" : `: ${gathered.notes.join(", ")}`;
    throw chartError(`there are no rows to show${why}`, SqlState.noData);
  }
  const parted = partByCurrency(withFewSeries(chosen, gathered.rows), gathered.rows, columns);
  const chart = describe(parted);
  return { ...chart, notes: [...gathered.notes, ...chart.notes] };
}

/** A `by` that nobody asked for parts rows only where that says something. */
function withFewSeries(columns: ChosenColumns, rows: readonly GatheredRow[]): ChosenColumns {
  if (columns.isByAsked || columns.kind === "heat") return columns;
  const count = new Set(rows.map(({ by }) => by)).size;
  return count < 2 || count > mostSeries ? { ...columns, by: undefined } : columns;
}

function describe(parted: OneCurrencyEach): Chart {
  const { kind } = parted.columns;
  switch (kind) {
    case "bar":
      return describeBars(parted);
    case "line":
    case "area":
      return describeLines(kind, parted);
    case "hist":
      return describeHistogram(parted);
    case "heat":
      return describeHeatMap(parted);
  }
}
