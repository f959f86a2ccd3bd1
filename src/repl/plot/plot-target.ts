import type { ChartRequest } from "../../chart/chart-request.js";
import { describeChart } from "../../chart/describe-chart.js";
import type { ResultTarget } from "../result-target.js";
import type { TextSink } from "../text-sink.js";
import { plotChart } from "./plot-chart.js";
import type { PlotLook } from "./plot-look.js";

/** Draws results as text, one chart each. */
export function plotTarget(request: ChartRequest, sink: TextSink, look: () => PlotLook): ResultTarget {
  let notes: readonly string[] = [];
  return {
    takesMinorUnits: true,
    async put(rows) {
      notes = [];
      const columns = await rows.columns();
      // A SET among the statements.
      if (columns.length === 0) return void (await rows.summary());
      const chart = await describeChart(request, columns, rows.texts("sql"));
      notes = chart.notes;
      await sink.write(plotChart(chart, look()));
    },
    notes: () => notes,
    remark: async () => false,
    flush: () => sink.flush(),
    close: () => sink.close(),
    discard: () => sink.discard(),
  };
}
