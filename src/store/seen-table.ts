/** A table as one account sees it. */
export interface SeenTable {
  readonly schema: string;
  readonly table: string;
  /** Whichever text tells accounts apart. */
  readonly account: string;
}
