import type { Expression, FromItem, Query } from "../expression.js";
import type { SerializedNode } from "./serialized-node.js";
import type { SourceText } from "./source-text.js";

/** What a tree's nodes are read with: its text, what encloses them, and the readers of what stands inside them. */
export interface Reading {
  readonly source: SourceText;
  /** Lower-case names of the lambda parameters in scope: no columns. */
  readonly parameters: ReadonlySet<string>;
  /** The common tables in scope, those of inner queries last. */
  readonly commonTables: readonly SerializedNode[];
  /** True beneath a TABLESAMPLE. */
  readonly sampled: boolean;
  readonly query: (node: SerializedNode, reading: Reading) => Query;
  readonly from: (node: SerializedNode, reading: Reading) => FromItem | undefined;
  readonly expression: (node: SerializedNode, reading: Reading) => Expression;
}
