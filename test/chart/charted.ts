import type { Chart, TextRow } from "../../src/chart/chart.js";
import { parseChartRequest } from "../../src/chart/chart-request.js";
import { describeChart } from "../../src/chart/describe-chart.js";
import type { ResultColumn } from "../../src/driver/api.js";

/** Columns of a result, "month TIMESTAMPTZ, amount BIGINT of currency, currency VARCHAR". */
function resultColumns(text: string): readonly ResultColumn[] {
  return text.split(", ").map((column) => {
    const [name = "", type = "", , currency] = column.split(" ");
    return currency === undefined ? { name, type } : { name, type, currency };
  });
}

/** What "bar month mrr" shows of a result. */
export function charted(words: string, columns: string, rows: readonly TextRow[]): Promise<Chart> {
  return describeChart(parseChartRequest(words.split(" ").filter((word) => word !== "")), resultColumns(columns), rows);
}
