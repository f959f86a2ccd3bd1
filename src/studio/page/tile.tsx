import { useEffect } from "preact/hooks";
import type { DashboardTile, Prediction } from "../messages.js";
import { ChartFigure } from "./chart-figure.js";
import { Failure } from "./failure.js";
import { Grid } from "./grid.js";
import { NumberView } from "./number-view.js";
import { predictionText, StatusLine } from "./status-line.js";
import { useRun } from "./use-run.js";

export type TileCost =
  | { readonly kind: "known"; readonly prediction: Prediction }
  /** It is not run. */
  | { readonly kind: "refused"; readonly reason: string };

interface TileProps {
  readonly tile: DashboardTile;
  readonly cost: TileCost | undefined;
  /** Given what runs it. */
  readonly onReady: (begin: () => Promise<void>) => void;
  readonly onRun: () => void;
  /** Its statement, for the editor. */
  readonly onOpen: (sql: string) => void;
}

/** One statement of a dashboard, which runs when that is asked for. */
export function Tile({ tile: { title, sql, view, chart, width }, cost, onReady, onRun, onOpen }: TileProps) {
  const { state, start, cancel } = useRun();
  useEffect(() => onReady(async () => (sql === undefined ? undefined : start(sql))), [sql]);
  const shown = state.results.at(-1);
  const isWhole = shown?.summary !== undefined;
  const run = isWhole ? "Refresh" : "Run";
  return (
    <section class={`tile width-${width}`} aria-label={title}>
      <header class="bar">
        <h3>{title}</h3>
        {state.isRunning ? (
          <button type="button" aria-label={`Cancel ${title}`} onClick={cancel}>
            Cancel
          </button>
        ) : (
          <button type="button" aria-label={`${run} ${title}`} disabled={cost?.kind !== "known"} onClick={onRun}>
            {run}
          </button>
        )}
        {sql !== undefined && (
          <button type="button" aria-label={`Open ${title} in the editor`} onClick={() => onOpen(sql)}>
            Open
          </button>
        )}
        {shown === undefined ? (
          <span class="prediction">{cost?.kind === "known" ? predictionText(cost.prediction) : ""}</span>
        ) : (
          <StatusLine {...shown} />
        )}
      </header>
      {cost?.kind === "refused" && <p class="notice">{cost.reason}</p>}
      {state.error !== undefined && <Failure error={state.error} />}
      {shown !== undefined && view === "table" && (
        <Grid result={shown.id} columns={shown.columns} stored={shown.stored} label={`Rows of ${title}`} />
      )}
      {isWhole && view === "number" && <NumberView key={shown.id} shown={shown} />}
      {isWhole && view === "chart" && <ChartFigure result={shown.id} request={chart} height={260} />}
    </section>
  );
}
