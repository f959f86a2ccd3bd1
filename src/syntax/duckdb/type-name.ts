import type { SerializedNode } from "./serialized-node.js";
import { nodeAt, textAt } from "./serialized-node.js";

const shortNames: ReadonlyMap<string, string> = new Map([["TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"]]);

/** A type's name in upper case, one for each: "TIMESTAMPTZ", "DECIMAL(10,2)", "INTEGER[]". */
export function typeName(type: SerializedNode): string {
  const id = textAt(type, "id");
  const facts = nodeAt(type, "type_info") ?? {};
  const element = nodeAt(facts, "child_type");
  if (id === "DECIMAL") return `DECIMAL(${facts["width"]},${facts["scale"]})`;
  if (id === "LIST" && element !== undefined) return `${typeName(element)}[]`;
  if (id === "ARRAY" && element !== undefined) return `${typeName(element)}[${facts["size"]}]`;
  if (id === "UNBOUND") return textAt(facts, "name").toUpperCase();
  return shortNames.get(id) ?? id;
}
