import type { Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

/** The clause words that this reads, each with what may follow what it governs. */
export const clauses: Readonly<Record<string, readonly string[]>> = {
  SELECT: ["AS", "FROM"],
  FROM: ["AS", "JOIN", "LEFT JOIN", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "UNION ALL"],
  JOIN: ["AS", "ON", "USING"],
  ON: ["AND", "OR", "JOIN", "LEFT JOIN", "WHERE", "GROUP BY", "ORDER BY", "LIMIT"],
  WHERE: ["AND", "OR", "GROUP BY", "ORDER BY", "LIMIT", "RETURNING", "UNION ALL"],
  "GROUP BY": ["HAVING", "ORDER BY", "LIMIT"],
  HAVING: ["AND", "OR", "ORDER BY", "LIMIT"],
  QUALIFY: ["AND", "OR", "ORDER BY", "LIMIT"],
  "ORDER BY": ["ASC", "DESC", "NULLS FIRST", "NULLS LAST", "LIMIT"],
  "PARTITION BY": ["ORDER BY"],
  LIMIT: ["OFFSET"],
  RETURNING: ["AS"],
};

/** The clause that a part of a SELECT ends in, and what it has of it. */
export interface Clause {
  readonly clause: string | undefined;
  readonly rest: readonly Node[];
}

export function lastClause(before: readonly Node[]): Clause {
  for (let at = before.length - 1; at >= 0; at -= 1) {
    const clause = clauseAt(before, at);
    if (clause !== undefined) return { clause, rest: before.slice(at + (clause.includes(" ") ? 2 : 1)) };
  }
  return { clause: undefined, rest: before };
}

function clauseAt(nodes: readonly Node[], at: number): string | undefined {
  const node = nodes[at];
  if (node?.kind !== "word") return undefined;
  const word = node.text.toUpperCase();
  if (["GROUP", "ORDER", "PARTITION"].includes(word)) return isWord(nodes[at + 1], "BY") ? `${word} BY` : undefined;
  if (word === "FROM" && isWord(nodes[at - 1], "DISTINCT")) return undefined;
  if (word === "ON" && isWord(nodes[at - 1], "DISTINCT")) return undefined;
  return word in clauses || ["SET", "USING", "VALUES"].includes(word) ? word : undefined;
}

/** `Status = 'x', Email = …`: the names that are assigned to. */
export function assignedNames(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node, at) => (isSymbol(nodes[at + 1], "=", "=>") ? (nameOf(node) ?? []) : []));
}

export function afterLast(nodes: readonly Node[], symbol: string): readonly Node[] {
  return nodes.slice(nodes.findLastIndex((node) => isSymbol(node, symbol)) + 1);
}
