import type { ResolveColumn } from "../predicate/predicate-context.js";
import { findRelationColumn, hasRelationColumn } from "./relation.js";
import type { FromLeaf, Scope, TableSource } from "./scope.js";

/** Reads a column node as this source's column, by the catalog's name, where it can be no other's. */
export function resolverFor(
  { item, target, alias }: TableSource,
  scope: Scope,
  visible: readonly FromLeaf[],
): ResolveColumn {
  const others = scope.sources.filter((other) => other.item !== item && visible.includes(other.item));
  return (node) => {
    const column = findRelationColumn(target, node.name);
    if (column === undefined) return undefined;
    if (node.table !== undefined) return node.table.toLowerCase() === alias ? column.name : undefined;
    const meant = scope.meant(node.name);
    if (meant !== undefined) return meant === item ? column.name : undefined;
    const isAmbiguous = others.some(
      (other) => other.target !== undefined && hasRelationColumn(other.target, node.name),
    );
    return isAmbiguous ? undefined : column.name;
  };
}
