/** A node of the tree that DuckDB's json_serialize_sql gives. Only fields that are there are read from it. */
export type SerializedNode = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is SerializedNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field's text; "" where it has none. */
export function textAt(node: SerializedNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

export function nodeAt(node: SerializedNode, field: string): SerializedNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

export function nodesAt(node: SerializedNode, field: string): readonly SerializedNode[] {
  return valuesAt(node, field).filter(isNode);
}

export function textsAt(node: SerializedNode, field: string): readonly string[] {
  return valuesAt(node, field).filter((value) => typeof value === "string");
}

function valuesAt(node: SerializedNode, field: string): readonly unknown[] {
  const value = node[field];
  return Array.isArray(value) ? value : [];
}

/** A name that was given to something: undefined where it is empty. */
export function nameAt(node: SerializedNode, field: string): string | undefined {
  const text = textAt(node, field);
  return text === "" ? undefined : text;
}

/** The query of a subquery's field. */
export function subqueryAt(node: SerializedNode, field: string): SerializedNode | undefined {
  const held = nodeAt(node, field);
  return held === undefined ? undefined : nodeAt(held, "node");
}
