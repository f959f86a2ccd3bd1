import { NotUnderstood } from "./not-understood.js";

/** A node of node-sql-parser's tree, of which nothing is taken on trust. */
export type Tree = Readonly<Record<string, unknown>>;

/** Fields that say nothing of the meaning. */
const silent = new Set(["loc", "parentheses", "tableList", "columnList", "parentheses_symbol"]);

/** The node, provided that it has a meaning in no other field than these. */
export function nodeWith(value: unknown, fields: readonly string[]): Tree {
  const tree = asTree(value);
  for (const [field, held] of Object.entries(tree)) {
    if (!silent.has(field) && !fields.includes(field) && !isEmpty(held)) throw new NotUnderstood(field);
  }
  return tree;
}

export function asTree(value: unknown): Tree {
  if (!isTree(value)) throw new NotUnderstood("node");
  return value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list; none where the field is empty. */
export function asList(value: unknown): readonly unknown[] {
  if (isEmpty(value)) return [];
  if (!Array.isArray(value)) throw new NotUnderstood("list");
  return value;
}

export function asText(value: unknown): string {
  if (typeof value !== "string") throw new NotUnderstood("text");
  return value;
}

/** Absent, or an object or list with nothing in it. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (typeof value !== "object") return false;
  return Object.values(value).every(isEmpty);
}
