import type { KeptDraft, KeptList } from "../../value/kept-list.js";

/**
 * What a statement may take of rows that earlier ones have read, and leave to later ones. All of it is of the connection's
 * key, versions and account, and young enough.
 */
export interface KeptRows {
  /** Those of a place, the latest first. */
  lists(place: string): readonly KeptList[];
  /** Of a list's pages those from one position to before another; fewer where they are gone. */
  pages(list: KeptList, from: number, to: number): readonly Uint8Array[];
  /** The latest page that holds an object of a collection by its key. */
  pageOf(collection: string, key: string): { readonly list: KeptList; readonly objects: Uint8Array } | undefined;
  /** Before the first request of a list that may be kept; undefined where none may be now. */
  begin(): KeptDraft | undefined;
  /** Told of each list that rows were taken from, by its table, and how many. */
  used(table: string, list: KeptList, rows: number): void;
}
