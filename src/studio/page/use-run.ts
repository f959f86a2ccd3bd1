import { useRef, useState } from "preact/hooks";
import type { RunEvent, RunProgress, RunSummary, StudioColumn, StudioError } from "../messages.js";
import { cancelRun, confirmRun, runEvents } from "./api.js";

/** What is shown of a statement that runs or has run. */
export interface ShownResult {
  readonly id: string;
  readonly text: string;
  readonly columns: readonly StudioColumn[];
  readonly stored: number;
  readonly progress: RunProgress | undefined;
  readonly summary: RunSummary | undefined;
}

export interface RunState {
  readonly isRunning: boolean;
  /** One for each statement that has begun. */
  readonly results: readonly ShownResult[];
  readonly error: StudioError | undefined;
  /** The write that waits for an answer. */
  readonly question: Extract<RunEvent, { readonly kind: "confirm" }> | undefined;
}

export interface RunControls {
  readonly state: RunState;
  start(sql: string): Promise<void>;
  cancel(): void;
  answer(confirmed: boolean): void;
}

const idle: RunState = { isRunning: false, results: [], error: undefined, question: undefined };

/** One run at a time: what a page shows of it, and how it is controlled. */
export function useRun(): RunControls {
  const [state, setState] = useState(idle);
  const current = useRef("");
  return {
    state,
    async start(sql) {
      const run = crypto.randomUUID();
      current.current = run;
      setState({ ...idle, isRunning: true });
      try {
        for await (const event of runEvents(run, sql))
          if (current.current === run) setState((before) => after(before, event));
      } catch (error) {
        const message = `the studio does not answer: ${error instanceof Error ? error.message : String(error)}`;
        setState((before) => ({ ...before, error: { ...noPlace, message, sqlState: "08006" } }));
      }
      if (current.current === run) setState((before) => ({ ...before, isRunning: false, question: undefined }));
    },
    cancel: () => void cancelRun(current.current),
    answer(confirmed) {
      setState((before) => ({ ...before, question: undefined }));
      void confirmRun(current.current, confirmed);
    },
  };
}

const noPlace = { detail: undefined, hint: undefined, position: undefined };

function after(state: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case "columns": {
      const { result, text, columns } = event;
      const begun = { id: result, text, columns, stored: 0, progress: undefined, summary: undefined };
      return { ...state, results: [...state.results, begun] };
    }
    case "progress":
      return changed(state, event.result, { stored: event.stored, progress: event.progress });
    case "end":
      return changed(state, event.result, { stored: event.stored, summary: event.summary });
    case "confirm":
      return { ...state, question: event };
    case "error":
      return { ...state, error: event.error };
  }
}

function changed(state: RunState, id: string, change: Partial<ShownResult>): RunState {
  return { ...state, results: state.results.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}
