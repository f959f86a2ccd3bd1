import type { Json, JsonObject } from "../value/json.js";

/** A bracketed form under construction: keys in the order they came. */
type FormNode = Map<string, FormNode | string>;

/**
 * Parses `a=1&b[c]=2&d[]=3&e[0][f]=4` as Stripe reads bodies and query strings: every leaf is a string; keys
 * that are empty or count from 0 make an array.
 */
export function parseForm(text: string): JsonObject {
  const root: FormNode = new Map();
  for (const [key, value] of new URLSearchParams(text)) setValue(root, pathOf(key), value);
  return objectOf(root);
}

/** `a[b][]` -> ["a", "b", ""]. */
function pathOf(key: string): readonly string[] {
  const bracket = key.indexOf("[");
  if (bracket <= 0) return [key];
  const inner = [...key.slice(bracket).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "");
  return [key.slice(0, bracket), ...inner];
}

function setValue(root: FormNode, path: readonly string[], value: string): void {
  let node = root;
  for (const [position, step] of path.entries()) {
    const key = step === "" && position > 0 ? nextIndex(node, path.slice(position + 1)) : step;
    if (position === path.length - 1) {
      node.set(key, value);
      return;
    }
    node = childOf(node, key);
  }
}

/** `a[][b]=1&a[][c]=2` continues one element until a key repeats. */
function nextIndex(node: FormNode, rest: readonly string[]): string {
  const last = node.get(String(node.size - 1));
  const key = rest[0];
  const continues = last instanceof Map && key !== undefined && key !== "" && !last.has(key);
  return String(continues ? node.size - 1 : node.size);
}

function childOf(node: FormNode, key: string): FormNode {
  const existing = node.get(key);
  if (existing instanceof Map) return existing;
  const created: FormNode = new Map();
  node.set(key, created);
  return created;
}

function objectOf(node: FormNode): JsonObject {
  return Object.fromEntries([...node].map(([key, value]) => [key, nodeValue(value)]));
}

function nodeValue(value: FormNode | string): Json {
  if (typeof value === "string") return value;
  const isArray = [...value.keys()].every((key, index) => key === String(index));
  return isArray ? [...value.values()].map(nodeValue) : objectOf(value);
}
