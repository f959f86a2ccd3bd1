import { useState } from "preact/hooks";
import { ChartView } from "./chart-view.js";
import { ExportControl } from "./export-control.js";
import { Failure } from "./failure.js";
import { Grid } from "./grid.js";
import type { RunState, ShownResult } from "./use-run.js";

interface ResultViewProps {
  readonly state: RunState;
  /** The statement that is looked at, of those that have begun. */
  readonly shown: ShownResult | undefined;
  readonly onChoose: (result: string) => void;
}

/** What became of the statements: failures, notices, and the rows or the chart of one of them. */
export function ResultView({ state, shown, onChoose }: ResultViewProps) {
  const [isChart, setChart] = useState(false);
  const isComing = state.isRunning && shown?.summary === undefined;
  return (
    <>
      {state.error !== undefined && <Failure error={state.error} />}
      {shown?.summary?.error !== undefined && <Failure error={shown.summary.error} />}
      {shown?.summary?.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {state.results.length > 1 && (
        <nav class="tabs" aria-label="Results">
          {state.results.map(({ id, text }, index) => (
            <button type="button" key={id} aria-pressed={id === shown?.id} title={text} onClick={() => onChoose(id)}>
              {index + 1}
            </button>
          ))}
        </nav>
      )}
      {shown !== undefined && shown.columns.length > 0 && (
        <div class="bar tools">
          <span class="views">
            <button type="button" aria-pressed={!isChart} onClick={() => setChart(false)}>
              Table
            </button>
            <button type="button" aria-pressed={isChart} disabled={isComing} onClick={() => setChart(true)}>
              Chart
            </button>
          </span>
          <ExportControl key={shown.id} result={shown.id} isRunning={isComing} />
        </div>
      )}
      {shown !== undefined && isChart && !isComing && shown.columns.length > 0 ? (
        <ChartView key={shown.id} result={shown.id} columns={shown.columns} />
      ) : (
        shown !== undefined && <Grid result={shown.id} columns={shown.columns} stored={shown.stored} />
      )}
    </>
  );
}
