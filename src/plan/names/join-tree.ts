import type { Expression, FromItem, Join, SelectBlock } from "../../syntax/expression.js";
import { conjuncts } from "../../syntax/walk-expression.js";
import type { FromLeaf } from "./scope.js";

/** The leaves of FROM, in the order of the text. */
export function leavesOf(item: FromItem | undefined): readonly FromLeaf[] {
  if (item === undefined) return [];
  return item.kind === "join" ? [...leavesOf(item.left), ...leavesOf(item.right)] : [item];
}

/** The joins of FROM, inner ones first. */
export function joinsOf(item: FromItem | undefined): readonly Join[] {
  return item?.kind === "join" ? [...joinsOf(item.left), ...joinsOf(item.right), item] : [];
}

/** The leaves that can be named behind the item: SEMI and ANTI JOIN hide their right side. */
function visibleLeaves(item: FromItem): readonly FromLeaf[] {
  if (item.kind !== "join") return [item];
  const hidesRight = item.join === "semi" || item.join === "anti";
  return hidesRight ? visibleLeaves(item.left) : [...visibleLeaves(item.left), ...visibleLeaves(item.right)];
}

/** A conjunct of WHERE or ON, and the leaves whose columns its names may mean. */
export interface PlacedConjunct {
  readonly expression: Expression;
  readonly visible: readonly FromLeaf[];
  /** True where an equality between two leaves gives the one what the other must hold. */
  readonly carries: boolean;
}

interface BoundSide {
  /** Do the conjuncts that bind the join's result bind this side of it? */
  readonly outer: boolean;
  /** Do those of its ON? */
  readonly on: boolean;
}

interface BoundSides {
  readonly left: BoundSide;
  readonly right: BoundSide;
}

const both: BoundSide = { outer: true, on: true };
const outerOnly: BoundSide = { outer: true, on: false };
const onOnly: BoundSide = { outer: false, on: true };
const neither: BoundSide = { outer: false, on: false };

/**
 * Which rows a conjunct may leave out before a join. One that is required of the result binds both sides, an outer
 * join's null side too: all predicates but "opaque" are false of NULL, so a row that is left out could only have come
 * back as NULLs, which the same conjunct then removes. ON binds a side whose rows vanish where they fail it: both of
 * an inner join, the right of a LEFT JOIN, the left of a RIGHT JOIN, none of a FULL JOIN. SEMI JOIN keeps left rows
 * that match, ANTI JOIN those that do not: a right row that fails ON matches none either way, and nothing outside can
 * name it. Joins that pair rows by nearness or position pair others once rows are missing.
 */
const boundSides: Readonly<Record<Join["join"], BoundSides>> = {
  inner: { left: both, right: both },
  cross: { left: both, right: both },
  left: { left: outerOnly, right: both },
  right: { left: both, right: outerOnly },
  full: { left: outerOnly, right: outerOnly },
  semi: { left: both, right: onOnly },
  anti: { left: outerOnly, right: onOnly },
  other: { left: neither, right: neither },
};

/** For each leaf of a block's FROM the conjuncts that its rows must satisfy to matter. */
export function conjunctsByLeaf({ from, where }: SelectBlock): ReadonlyMap<FromLeaf, readonly PlacedConjunct[]> {
  const byLeaf = new Map<FromLeaf, readonly PlacedConjunct[]>();
  if (from !== undefined) place(from, placed(where, visibleLeaves(from), true), byLeaf);
  return byLeaf;
}

function place(
  item: FromItem,
  outer: readonly PlacedConjunct[],
  byLeaf: Map<FromLeaf, readonly PlacedConjunct[]>,
): void {
  if (item.kind !== "join") {
    byLeaf.set(item, outer);
    return;
  }
  const visible = [...visibleLeaves(item.left), ...visibleLeaves(item.right)];
  const on = [...placed(item.on, visible, item.join !== "right"), ...usedEqualities(item, visible)];
  const { left, right } = boundSides[item.join];
  place(item.left, [...(left.outer ? outer : []), ...(left.on ? on : [])], byLeaf);
  place(item.right, [...(right.outer ? outer : []), ...(right.on ? on : [])], byLeaf);
}

/**
 * `a JOIN b USING (Customer)` -> `a.Customer = b.Customer`, as ON would say it. Of several tables on the left the one that
 * is meant is told where they are joined by the same column: then it is the first one's, where no later one may stand in
 * for its NULL.
 */
function usedEqualities({ left, right, join, using }: Join, visible: readonly FromLeaf[]): readonly PlacedConjunct[] {
  return using.flatMap((name) => {
    const [one, other] = [leafUsed(left, name), leafUsed(right, name)];
    if (one === undefined || other === undefined) return [];
    const column = (leaf: FromLeaf): Expression => ({
      kind: "column",
      table: aliasOf(leaf),
      name,
      quoted: true,
      position: undefined,
    });
    const expression: Expression = { kind: "comparison", operator: "=", left: column(one), right: column(other) };
    return [{ expression, visible, carries: join !== "right" }];
  });
}

/** The leaf whose column USING names on a side of it. */
function leafUsed(item: FromItem, name: string): FromLeaf | undefined {
  if (item.kind !== "join") return aliasOf(item) === "" ? undefined : item;
  const isUsed = item.using.some((used) => used.toLowerCase() === name.toLowerCase());
  return isUsed && (item.join === "inner" || item.join === "left") ? leafUsed(item.left, name) : undefined;
}

/** The leaf that an unqualified name means which joins have made one column of. */
export function leafMeant(from: FromItem | undefined, name: string): FromLeaf | undefined {
  if (from?.kind !== "join") return undefined;
  const isUsed = from.using.some((used) => used.toLowerCase() === name.toLowerCase());
  return isUsed ? leafUsed(from, name) : (leafMeant(from.left, name) ?? leafMeant(from.right, name));
}

/** What a leaf's columns are qualified by, in lower case; "" where it has no name. */
export const aliasOf = (leaf: FromLeaf): string =>
  (leaf.alias ?? (leaf.kind === "table" ? leaf.name : "")).toLowerCase();

function placed(
  condition: Expression | undefined,
  visible: readonly FromLeaf[],
  carries: boolean,
): readonly PlacedConjunct[] {
  return conjuncts(condition).map((expression) => ({ expression, visible, carries }));
}
