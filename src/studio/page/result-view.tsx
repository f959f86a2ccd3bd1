import type { StudioError } from "../messages.js";
import { ExportControl } from "./export-control.js";
import { Grid } from "./grid.js";
import type { RunState, ShownResult } from "./use-run.js";

interface ResultViewProps {
  readonly state: RunState;
  /** The statement that is looked at, of those that have begun. */
  readonly shown: ShownResult | undefined;
  readonly onChoose: (result: string) => void;
}

/** What became of the statements: failures, notices, and the rows of one of them. */
export function ResultView({ state, shown, onChoose }: ResultViewProps) {
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
          <ExportControl key={shown.id} result={shown.id} isRunning={state.isRunning && shown.summary === undefined} />
        </div>
      )}
      {shown !== undefined && <Grid result={shown.id} columns={shown.columns} stored={shown.stored} />}
    </>
  );
}

function Failure({ error }: { readonly error: StudioError }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{error.message}</strong> <small>{error.sqlState}</small>
      </p>
      {error.detail !== undefined && <p>{error.detail}</p>}
      {error.hint !== undefined && <p class="hint">{error.hint}</p>}
    </div>
  );
}
