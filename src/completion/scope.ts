import type { CompletionColumn, CompletionNames } from "./names.js";
import type { CommonTable, MentionedRelation } from "./query-block.js";
import { commonTables, mentionedRelations, selectAround, withoutCommonTables } from "./query-block.js";
import type { Level, Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

/** A relation as the names of a SELECT see it. */
export interface ScopedRelation {
  /** What qualifies its columns: its alias, else its name. */
  readonly name: string;
  /** The table that it is, where it is one. */
  readonly table: string | undefined;
  readonly columns: readonly CompletionColumn[];
}

/** Of one SELECT around the cursor, innermost first. */
export interface Scope {
  readonly relations: readonly ScopedRelation[];
  /** How many of them are named before the cursor. */
  readonly named: number;
  /** Common tables that may be named in FROM. */
  readonly commonTables: readonly string[];
}

export function scopesAt(levels: readonly Level[], names: CompletionNames): readonly Scope[] {
  let visible: readonly CommonTable[] = [];
  const scopes = levels.map((level) => {
    visible = [...commonTables(level.nodes), ...visible];
    const { nodes, index } = selectAround(withoutCommonTables(level));
    return {
      relations: mentionedRelations(nodes).map((relation) => scoped(relation, names, visible)),
      named: mentionedRelations(nodes.slice(0, index)).length,
      commonTables: visible.map(({ name }) => name),
    };
  });
  return scopes.reverse();
}

function scoped(
  { name, query, alias, columnAliases }: MentionedRelation,
  names: CompletionNames,
  visible: readonly CommonTable[],
): ScopedRelation {
  if (name === undefined) {
    const columns = renamed(outputColumns(query ?? [], names, visible), columnAliases);
    return { name: alias ?? "", table: undefined, columns };
  }
  const at = visible.findIndex((one) => name.schema === undefined && isSame(one.name, name.table));
  const common = visible[at];
  if (common !== undefined) {
    // A query that names itself is known by its first columns only, so that it is left out of what it sees.
    const columns = outputColumns(common.query, names, visible.toSpliced(at, 1));
    return {
      name: alias ?? common.name,
      table: undefined,
      columns: renamed(columns, [...common.columnAliases, ...columnAliases]),
    };
  }
  const known = names.relation(name.table, name.schema);
  return { name: alias ?? name.table, table: known?.table, columns: renamed(known?.columns ?? [], columnAliases) };
}

function renamed(columns: readonly CompletionColumn[], aliases: readonly string[]): readonly CompletionColumn[] {
  if (columns.length === 0) return aliases.map(plainColumn);
  return columns.map((column, at) => ({ ...column, name: aliases[at] ?? column.name }));
}

export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const plainColumn = (name: string): CompletionColumn => ({
  ...{ name, type: undefined, enumValues: [], isBoolean: false, references: undefined },
});

/** The columns of a query's result that its text names. */
function outputColumns(
  query: readonly Node[],
  names: CompletionNames,
  around: readonly CommonTable[],
): readonly CompletionColumn[] {
  const visible = [...commonTables(query), ...around];
  const { nodes } = selectAround({ ...withoutCommonTables({ nodes: query, index: query.length }), index: 0 });
  if (!isWord(nodes[0], "SELECT")) return [];
  const relations = mentionedRelations(nodes).map((relation) => scoped(relation, names, visible));
  const end = nodes.findIndex((node, at) => isWord(node, "FROM") && !isWord(nodes[at - 1], "DISTINCT"));
  const start = isWord(nodes[1], "DISTINCT", "ALL") ? 2 : 1;
  return splitAtCommas(nodes.slice(start, end < 0 ? undefined : end)).flatMap((item) => itemColumns(item, relations));
}

function splitAtCommas(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const items: Node[][] = [[]];
  for (const node of nodes) {
    if (isSymbol(node, ",")) items.push([]);
    else items.at(-1)?.push(node);
  }
  return items;
}

function itemColumns(item: readonly Node[], relations: readonly ScopedRelation[]): readonly CompletionColumn[] {
  const last = item.at(-1);
  if (isSymbol(last, "*")) {
    const qualifier = isSymbol(item.at(-2), ".") ? nameOf(item.at(-3)) : undefined;
    return relations
      .filter(({ name }) => qualifier === undefined || isSame(name, qualifier))
      .flatMap(({ columns }) => columns);
  }
  const isNamed = isWord(item.at(-2), "AS") || (item.length > 1 && !isSymbol(item.at(-2), "."));
  const name = nameOf(last) ?? (last?.kind === "group" ? nameOf(item.at(-2)) : undefined);
  if (name === undefined) return [];
  const source = referencedColumn(
    isNamed && last?.kind !== "group" ? item.slice(0, isWord(item.at(-2), "AS") ? -2 : -1) : item,
    relations,
  );
  return [source === undefined ? plainColumn(name) : { ...source, name }];
}

/** The column that an item is, where it is nothing but one. */
function referencedColumn(item: readonly Node[], relations: readonly ScopedRelation[]): CompletionColumn | undefined {
  const isQualified = item.length === 3 && isSymbol(item[1], ".");
  if (item.length !== 1 && !isQualified) return undefined;
  const name = nameOf(item.at(-1));
  return name === undefined ? undefined : findColumn(relations, name, isQualified ? nameOf(item[0]) : undefined);
}

/** The column of a name among relations, of one of them where it is qualified. */
export function findColumn(
  relations: readonly ScopedRelation[],
  column: string,
  qualifier: string | undefined,
): CompletionColumn | undefined {
  return relations
    .filter(({ name, table }) => qualifier === undefined || [name, table ?? name].some((one) => isSame(one, qualifier)))
    .flatMap(({ columns }) => columns)
    .find(({ name }) => isSame(name, column));
}
