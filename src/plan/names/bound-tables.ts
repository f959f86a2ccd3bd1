import type { SelectBlock } from "../../syntax/expression.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import type { Predicate } from "../predicate/predicate.js";
import type { BindState, Inside } from "./bind-state.js";
import type { BoundTable } from "./bound-query.js";
import { withCarried } from "./carried-conditions.js";
import type { BoundSource } from "./join-equality.js";
import { carryEqualities } from "./join-equality.js";
import { conjunctsByLeaf } from "./join-tree.js";
import { isTableSource } from "./scope.js";
import { predicatesOf } from "./source-predicates.js";
import { wantedRows } from "./wanted-rows.js";

/** The tables of a block's own FROM with what it asks of their rows. */
export function boundTables(
  block: SelectBlock,
  { parent: scope, ctes }: Inside,
  state: BindState,
): readonly BoundTable[] {
  const { environment, pseudoNodes, carried: outer, limits } = state;
  const byLeaf = conjunctsByLeaf(withCarried(block, outer));
  const bound = scope.sources.filter(isTableSource).map((source): BoundSource => {
    const conjuncts = byLeaf.get(source.item) ?? [];
    return {
      source,
      conjuncts,
      predicates: predicatesOf(source, conjuncts, { scope, ctes, environment, carried: outer }),
    };
  });
  const carried = carryEqualities(bound);
  const needed = limits.of(block);
  return bound.map(({ source: { item, target }, conjuncts }, index) => {
    const conditions = new Set(conjuncts.flatMap(({ expression }) => columnNodes(expression)));
    return {
      reference: item,
      target,
      // Which rows a sample takes depends on all that there are.
      predicates: item.sampled ? [] : distinctPredicates(carried[index] ?? []),
      wanted:
        needed !== undefined && block.from === item && !item.sampled ? wantedRows(needed, { item, target }) : undefined,
      pseudoReads: pseudoNodes
        .filter((read) => read.item === item && !conditions.has(read.node))
        .map(({ node, column }) => ({ column, position: node.position })),
    };
  });
}

/** Of two that say the same, one. */
function distinctPredicates(predicates: readonly Predicate[]): readonly Predicate[] {
  if (predicates.length < 2) return predicates;
  return [...new Map(predicates.map((predicate) => [textOf(predicate), predicate])).values()];
}

/** What is not read is told apart: no two of those say the same for all that is known. */
const textOf = (predicate: Predicate): unknown =>
  predicate.kind === "opaque"
    ? predicate
    : JSON.stringify(predicate, (_, value: unknown) => (typeof value === "number" ? String(value) : value));
