/** A list, or one object, that was read whole and kept. */
export interface KeptList {
  readonly id: number;
  /** What narrowed it, as its keeper wrote it. */
  readonly conditions: string;
  /** What its keeper wants known of its rows. */
  readonly facts: string;
  /** When the reading of it began, in milliseconds since the epoch: what was changed later may be missing. */
  readonly begunMs: number;
  readonly rows: number;
  readonly pages: number;
}

/** What a list is kept as. */
export interface WholeList {
  /** What was asked, without its conditions. */
  readonly place: string;
  /** A table whose objects can be found in it by their keys; undefined where they cannot. */
  readonly collection: string | undefined;
  readonly conditions: string;
  readonly facts: string;
}

/** Rows of a list that came together. */
export interface KeptPage {
  /** Theirs, each between line feeds. */
  readonly keys: string;
  readonly objects: Uint8Array;
  readonly rows: number;
}

/** A list that is being read. It is kept once `finish` says that it came to its end, and nothing was changed meanwhile. */
export interface KeptDraft<Whole = WholeList> {
  /** False where it has become more than may be kept: nothing of it is. */
  add(page: KeptPage): boolean;
  /** False where it is not kept after all. */
  finish(list: Whole): boolean;
  discard(): void;
}
