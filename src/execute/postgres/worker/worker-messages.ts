import type { StepAnswer } from "./answer-sorter.js";

/** What the worker is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  /** Pages of 64 KB. */
  readonly initialPages: number;
  readonly maximumPages: number;
  /** The data folder: a tar file, compressed. */
  readonly snapshot: Uint8Array;
  /** Two integers of 32 bits that both sides share, see `ControlWord`. */
  readonly control: Int32Array;
}

/** Places in the control words. */
export const ControlWord = {
  /** 1 where the step under way is to end. */
  stop: 0,
  /** Pieces of frames that were taken, of all steps. */
  taken: 1,
} as const;

/** Pieces of frames that are on their way to whoever takes them; with more the backend waits. */
export const piecesUnderWay = 16;

/** Messages for the backend, and which answers of theirs are given on. */
export interface MessageToWorker {
  readonly frames: Uint8Array;
  readonly given: number | undefined;
  /** What PostgreSQL's clock says while it answers the first of the messages, in milliseconds since 1970; default the time. */
  readonly beginsAtMs?: number | undefined;
}

export type MessageFromWorker =
  | {
      readonly kind: "ready";
      readonly memory: WebAssembly.Memory;
      /** Addresses of PostgreSQL's flags that have it look for an interrupt, and find a cancellation. */
      readonly interruptPending: number;
      readonly queryCancelPending: number;
    }
  | { readonly kind: "frames"; readonly frames: Uint8Array }
  | { readonly kind: "done"; readonly answer: StepAnswer; readonly memoryBytes: number }
  /** The backend is in no state that it could go on from. */
  | { readonly kind: "broken"; readonly reason: string; readonly isTooDeep: boolean };
