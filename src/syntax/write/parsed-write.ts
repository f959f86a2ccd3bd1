import type { Query } from "../expression.js";
import type { ColumnName, ParsedStatement, Statement, StatementBase, TableName } from "../statement.js";
import type { RawRange, RawTableName } from "../statement-tree.js";
import type { Token } from "../token.js";
import { nameOf } from "../token.js";
import type { GatheredQuery, GatheredTree } from "../write-expressions.js";

export type PlainStatement = Exclude<Statement, { kind: "explain" }>;

export interface ParsedPlain extends ParsedStatement {
  readonly kind: PlainStatement["kind"];
  complete(tree?: Query): PlainStatement;
}

/** A write whose parts wait for the tree of its expressions. */
export function parsedWrite<Kind extends PlainStatement["kind"]>(
  own: StatementBase & { readonly kind: Kind },
  { query }: Pick<GatheredQuery, "query">,
  complete: (tree: GatheredTree) => PlainStatement,
): ParsedPlain {
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query?.unparsed,
    complete: (tree) => complete(gathered(query?.tree(tree))),
  };
}

export function gathered(tree: Query | undefined): GatheredTree {
  return tree?.kind === "select" ? tree : { items: [], where: undefined, from: undefined, ctes: [] };
}

export function statementBase(range: RawRange, source: string, parameters: readonly string[]): StatementBase {
  return { text: source.slice(range.start, range.end), offset: range.start, parameters };
}

/** The table that a write is of, and what its expressions call it. */
export function writtenTable(raw: { readonly table: RawTableName; readonly alias: Token | null }): {
  readonly table: TableName;
  readonly alias: string | undefined;
} {
  return { table: tableName(raw.table), alias: raw.alias === null ? undefined : nameOf(raw.alias) };
}

export function tableName({ schema, name }: RawTableName): TableName {
  return { schema: schema === null ? undefined : nameOf(schema), name: nameOf(name), position: (schema ?? name).start };
}

export function columnName(token: Token): ColumnName {
  return { name: nameOf(token), position: token.start };
}
