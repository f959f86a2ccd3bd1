import type { Level, Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

/** What a FROM names: a table by its name, or a query whose columns its text tells. */
export interface MentionedRelation {
  /** Absent for a derived table. */
  readonly name: { readonly schema: string | undefined; readonly table: string } | undefined;
  readonly query: readonly Node[] | undefined;
  readonly alias: string | undefined;
  /** Column names given behind the alias. */
  readonly columnAliases: readonly string[];
}

/** A query of a WITH clause. */
export interface CommonTable {
  readonly name: string;
  readonly query: readonly Node[];
  readonly columnAliases: readonly string[];
}

const setOperators = ["UNION", "INTERSECT", "EXCEPT"];
const afterRelations = [
  ...["WHERE", "GROUP", "HAVING", "QUALIFY", "ORDER", "LIMIT", "OFFSET", "WINDOW", "RETURNING", "SET", "VALUES"],
  ...["SELECT", "WHEN", "DEFAULT", ...setOperators],
];
const joinWords = ["JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "ASOF", "SEMI", "ANTI", "POSITIONAL"];
const noAlias = [...afterRelations, ...joinWords, "ON", "USING", "FROM", "TABLESAMPLE", "CONFLICT"];

/** True for parentheses, or a text, that hold a query or another statement rather than an expression's part. */
export function isBlock(nodes: readonly Node[]): boolean {
  return isWord(nodes[0], "SELECT", "WITH", "FROM", "VALUES", "INSERT", "UPDATE", "DELETE");
}

/** The part of a level's nodes that is one SELECT: between the set operators around the cursor. */
export function selectAround({ nodes, index }: Level): Level {
  const operators = nodes.flatMap((node, at) => (isSetOperator(node) ? [at] : []));
  const before = operators.findLast((at) => at < index);
  const start = before === undefined ? 0 : before + (isWord(nodes[before + 1], "ALL") ? 2 : 1);
  const end = operators.find((at) => at >= index) ?? nodes.length;
  return { nodes: nodes.slice(start, end), index: Math.max(0, index - start) };
}

function isSetOperator(node: Node): boolean {
  return isWord(node, ...setOperators);
}

/** All that a SELECT's FROM, an UPDATE, a DELETE, a MERGE or an INSERT names, at this depth. */
export function mentionedRelations(nodes: readonly Node[]): readonly MentionedRelation[] {
  const found: MentionedRelation[] = [];
  const isWrite = isWord(nodes[0], "UPDATE", "DELETE", "MERGE", "INSERT", "COPY");
  for (let at = 0; at < nodes.length; ) {
    const isStart = isRelationWord(nodes, at, isWrite);
    at += 1;
    while (isStart) {
      const read = readRelation(nodes, at);
      if (read === undefined) break;
      found.push(read.relation);
      at = read.next;
      if (!isSymbol(nodes[at], ",")) break;
      at += 1;
    }
  }
  return found;
}

function isRelationWord(nodes: readonly Node[], at: number, isWrite: boolean): boolean {
  const node = nodes[at];
  if (isWord(node, "FROM")) return !isWord(nodes[at - 1], "DISTINCT");
  if (isWord(node, "JOIN")) return true;
  if (!isWrite) return false;
  return isWord(node, "INTO", "USING") || (at === 0 && isWord(node, "UPDATE", "COPY"));
}

function readRelation(
  nodes: readonly Node[],
  from: number,
): { readonly relation: MentionedRelation; readonly next: number } | undefined {
  const first = isWord(nodes[from], "LATERAL", "ONLY") ? from + 1 : from;
  const node = nodes[first];
  if (node?.kind === "group") return withAlias(nodes, first + 1, { name: undefined, query: node.nodes });
  const name = nameOf(node);
  if (name === undefined || isWord(node, ...noAlias)) return undefined;
  const parts = [name];
  let next = first + 1;
  while (isSymbol(nodes[next], ".")) {
    const part = nameOf(nodes[next + 1]);
    if (part === undefined) break;
    parts.push(part);
    next += 2;
  }
  const [table = name, schema] = parts.reverse();
  return withAlias(nodes, next, { name: { schema, table }, query: undefined });
}

function withAlias(
  nodes: readonly Node[],
  from: number,
  named: Pick<MentionedRelation, "name" | "query">,
): { readonly relation: MentionedRelation; readonly next: number } {
  const at = isWord(nodes[from], "AS") ? from + 1 : from;
  const alias = isWord(nodes[at], ...noAlias) ? undefined : nameOf(nodes[at]);
  if (alias === undefined) return { relation: { ...named, alias, columnAliases: [] }, next: from };
  const list = nodes[at + 1];
  const columnAliases = namesOfList(list);
  return { relation: { ...named, alias, columnAliases }, next: list?.kind === "group" ? at + 2 : at + 1 };
}

/** The queries of a WITH at the beginning of a level. */
export function commonTables(nodes: readonly Node[]): readonly CommonTable[] {
  if (!isWord(nodes[0], "WITH")) return [];
  const tables: CommonTable[] = [];
  let at = isWord(nodes[1], "RECURSIVE") ? 2 : 1;
  for (let read = readCommonTable(nodes, at); read !== undefined; read = readCommonTable(nodes, at)) {
    tables.push(read.table);
    at = read.next;
  }
  return tables;
}

function readCommonTable(
  nodes: readonly Node[],
  from: number,
): { readonly table: CommonTable; readonly next: number } | undefined {
  const name = nameOf(nodes[from]);
  const columnAliases = namesOfList(nodes[from + 1]);
  let at = nodes[from + 1]?.kind === "group" ? from + 2 : from + 1;
  while (isWord(nodes[at], "AS", "NOT", "MATERIALIZED")) at += 1;
  const query = nodes[at];
  if (name === undefined || query?.kind !== "group") return undefined;
  return { table: { name, query: query.nodes, columnAliases }, next: isSymbol(nodes[at + 1], ",") ? at + 2 : at + 1 };
}

function namesOfList(list: Node | undefined): readonly string[] {
  return list?.kind === "group" ? list.nodes.flatMap((node) => nameOf(node) ?? []) : [];
}

/** Behind a WITH's queries, the statement that they are for. */
export function withoutCommonTables({ nodes, index }: Level): Level {
  if (!isWord(nodes[0], "WITH")) return { nodes, index };
  const start = nodes.findIndex((node) =>
    isWord(node, "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "FROM"),
  );
  if (start < 0 || start > index) return { nodes, index };
  return { nodes: nodes.slice(start), index: index - start };
}
