import type { SqlText } from "../sql-text.js";
import type { SerializedNode } from "./serialized-node.js";

/** A token of the script, as it stands in the engine's text. */
export interface SourceToken {
  readonly sql: string;
  /** In the script. */
  readonly position: number;
}

/** The text that a tree was made of: what stands where a node says that it is. */
export class SourceText {
  private readonly tokens: readonly SourceToken[];
  /** Index of the token that starts at a byte of the text in UTF-8, as DuckDB counts. */
  private readonly indexes: ReadonlyMap<number, number>;

  constructor({ sql, places }: SqlText) {
    this.tokens = places.map(({ start, length, position }) => ({ sql: sql.slice(start, start + length), position }));
    this.indexes = indexesByByte(sql, places);
  }

  /** The tokens from the node's place on, `count` of them at most; none where it has no place in the script. */
  tokensAt(node: SerializedNode, count: number): readonly SourceToken[] {
    const location = node["query_location"];
    const index = typeof location === "number" ? this.indexes.get(location) : undefined;
    return index === undefined ? [] : this.tokens.slice(index, index + count);
  }

  /** The token at a node's place. */
  tokenAt(node: SerializedNode): SourceToken | undefined {
    return this.tokensAt(node, 1)[0];
  }

  /** The last of a node's names, parted by dots: "c" of `a.b.c`. */
  lastNameAt(node: SerializedNode, names: number): SourceToken | undefined {
    const chain = this.tokensAt(node, 2 * names - 1);
    const isChain = chain.every(({ sql }, index) => (sql === ".") === (index % 2 === 1));
    return isChain ? chain[2 * names - 2] : undefined;
  }
}

function indexesByByte(sql: string, places: SqlText["places"]): ReadonlyMap<number, number> {
  const indexes = new Map<number, number>();
  if (!/[\u0080-\uffff]/.test(sql)) {
    for (const [index, { start }] of places.entries()) indexes.set(start, index);
    return indexes;
  }
  let offset = 0;
  let byte = 0;
  for (const [index, { start }] of places.entries()) {
    byte += byteLength(sql.slice(offset, start));
    offset = start;
    indexes.set(byte, index);
  }
  return indexes;
}

function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
