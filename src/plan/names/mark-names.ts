import type { PseudoColumn } from "../../catalog/catalog.js";
import type { Expression } from "../../syntax/expression.js";
import { accountColumn } from "../access/account-rule.js";
import type { BindState, Inside } from "./bind-state.js";
import { findRelationColumn, hasRelationColumn, relationKey } from "./relation.js";
import type { FromLeaf, Scope, Source } from "./scope.js";
import { isTableSource } from "./scope.js";
import { rejectUndefinedColumn } from "./undefined-column.js";

type ColumnNode = Extract<Expression, { kind: "column" }>;

/** USING compares the column of that name on both sides. */
export function markUsed(
  name: string,
  leaves: readonly FromLeaf[],
  { inside, state }: { readonly inside: Inside; readonly state: BindState },
): void {
  state.columnNames.add(name.toLowerCase());
  const node: ColumnNode = { kind: "column", table: undefined, name, quoted: true, position: undefined };
  for (const source of inside.parent.sources.filter(({ item }) => leaves.includes(item))) {
    const column = pseudoColumnOf(source, name);
    if (column !== undefined && isTableSource(source)) state.pseudoNodes.push({ node, item: source.item, column });
  }
}

/** Names given to columns are wanted wherever they are said. */
export function addNames(names: readonly string[], state: BindState): void {
  for (const name of names) state.selectedNames.add(name.toLowerCase());
}

/** A name that an expression says: which columns are to be there for it. Error 42703 where it is none. */
export function markColumn(node: ColumnNode, scope: Scope | undefined, state: BindState): void {
  state.columnNames.add(node.name.toLowerCase());
  // `Metadata.order_id` reads a column's key: what looks like the table may be the column.
  if (node.table !== undefined) state.columnNames.add(node.table.toLowerCase());
  if (scope === undefined) return;
  recordPseudoNode(node, scope, state);
  markWholeRow(node.name.toLowerCase(), scope, state);
  rejectUndefinedColumn(node, scope);
}

function recordPseudoNode(node: ColumnNode, scope: Scope, { pseudoNodes, isOrdering }: BindState): void {
  if (isOrdering && node.table === undefined && scope.aliases.has(node.name.toLowerCase())) return;
  const source = sourceNamed(node, scope);
  const column = source && pseudoColumnOf(source, node.name);
  if (column !== undefined && source !== undefined && isTableSource(source))
    pseudoNodes.push({ node, item: source.item, column });
}

/** The innermost source that a column's name can mean. */
function sourceNamed(node: ColumnNode, scope: Scope | undefined): Source | undefined {
  if (scope === undefined) return undefined;
  const { table, name } = node;
  const qualifier = table?.toLowerCase();
  const has = ({ target, outputs }: Source): boolean =>
    target === undefined ? outputs.has(name.toLowerCase()) : hasRelationColumn(target, name);
  const found = scope.sources.find((source) => (qualifier === undefined ? has(source) : source.alias === qualifier));
  return found ?? sourceNamed(node, scope.parent);
}

/** Every row knows the account that it was read from. */
function pseudoColumnOf({ target }: Source, name: string): PseudoColumn | undefined {
  const column = target && findRelationColumn(target, name);
  return column?.kind === "pseudo-column" && column.name !== accountColumn ? column : undefined;
}

/** `SELECT c FROM Customer c` is the row as a whole. */
function markWholeRow(name: string, scope: Scope, state: BindState): void {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const source = at.sources.find((candidate) => candidate.alias === name && isTableSource(candidate));
    if (source?.item.kind === "table") state.wholeRelations.add(relationKey(source.item));
  }
}

/** `*` and `c.*` ask for all columns; c may be a table of a query around, as in `LATERAL (SELECT c.*)`. */
export function markWhole(table: string | undefined, scope: Scope | undefined, state: BindState): void {
  if (scope === undefined) return;
  const named =
    table === undefined ? scope.sources : scope.sources.filter(({ alias }) => alias === table.toLowerCase());
  for (const { item } of named) if (item.kind === "table") state.wholeRelations.add(relationKey(item));
  if (named.length === 0 && table !== undefined) markWhole(table, scope.parent, state);
}

/** NATURAL JOIN compares all columns of its sides. */
export function markAll(leaves: readonly FromLeaf[], { parent }: Inside, state: BindState): void {
  for (const source of parent.sources.filter(({ item }) => leaves.includes(item)))
    if (isTableSource(source)) state.wholeRelations.add(relationKey(source.item));
}
