import type { Node } from "libpg-query";

type KindOf<Each> = Each extends unknown ? keyof Each : never;

/** The name of a node of PostgreSQL's raw parse tree: "SelectStmt", "A_Expr". */
export type NodeKind = KindOf<Node>;

/** What a node of a kind holds. Fields that are zero, false or empty are left out of the tree. */
export type NodeOf<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>>[Kind];

/** A node's kind and what it holds; undefined for `{}`, which stands for no node. */
export function openNode(node: Node): readonly [kind: string, content: object] | undefined {
  return Object.entries(node)[0];
}

/** The names among nodes: `a.b` is two of them. */
export function namesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? (node.String.sval ?? "") : []));
}
