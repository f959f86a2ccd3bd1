import type { Node, SelectStmt, WindowDef } from "libpg-query";
import type { Expression, FromItem, Query } from "../expression.js";
import type { Mentions } from "./mentions.js";
import type { NameUses } from "./name-uses.js";
import type { TextOffsets } from "./text-offsets.js";
import type { ViewTrees } from "./view-trees.js";

/** What a tree's nodes are read with: its text, what encloses them, and the readers of what stands inside them. */
export interface Reading {
  readonly text: string;
  readonly offsets: Pick<TextOffsets, "ofByte">;
  /** Where the names are noted that the statement mentions. */
  readonly mentions: Mentions;
  readonly uses: NameUses;
  /** Schema in which a name without one is looked for first. */
  readonly defaultSchema: string;
  /** Whether the texts of dates and times begin with the year, as DateStyle's ISO has them. */
  readonly writesIsoDates: boolean;
  /** What stands in the places of views. */
  readonly views: ViewTrees;
  /** Names of common tables around a view, which nothing in it means. */
  readonly outside: ReadonlySet<string>;
  /** Names of the common tables in scope: they go before tables. */
  readonly commonTables: ReadonlySet<string>;
  /** The windows that the block's WINDOW clause names. */
  readonly windows: ReadonlyMap<string, WindowDef>;
  /** True in what EXPLAIN explains: a value that is still to come may stand there as `(SELECT NULL::text)`. */
  readonly explained: boolean;
  /** True beneath a TABLESAMPLE. */
  readonly sampled: boolean;
  readonly query: (select: SelectStmt, reading: Reading) => Query;
  readonly from: (node: Node, reading: Reading) => FromItem;
  readonly expression: (node: Node, reading: Reading) => Expression;
}
