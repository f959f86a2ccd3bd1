import type { Parameter } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { looseJson } from "./loose-json.js";
import { badEnum, badInteger, badValue, emptyParameter, missingParameter, unknownParameters } from "./refusals.js";

/** Parameters by the keys of their path. */
interface ParameterNode {
  readonly children: Map<string, ParameterNode>;
  parameter: Parameter | undefined;
}

const trees = new WeakMap<readonly Parameter[], ParameterNode>();

/**
 * Reads a request's raw parameters as the endpoint declares them: typed values under the same keys. An empty
 * text means null. Refuses, in Stripe's words, what the endpoint does not know or cannot read.
 */
export function readParameters(raw: JsonObject, parameters: readonly Parameter[]): JsonObject {
  const tree = treeOf(parameters);
  refuseUnknown(raw, tree);
  refuseMissing(raw, parameters);
  return readFields(raw, tree, []);
}

function treeOf(parameters: readonly Parameter[]): ParameterNode {
  const known = trees.get(parameters);
  if (known !== undefined) return known;
  const root: ParameterNode = { children: new Map(), parameter: undefined };
  for (const parameter of parameters) if (parameter.location === "body") plant(root, parameter);
  trees.set(parameters, root);
  return root;
}

function plant(root: ParameterNode, parameter: Parameter): void {
  let node = root;
  for (const key of parameter.path) {
    const next = node.children.get(key) ?? { children: new Map(), parameter: undefined };
    node.children.set(key, next);
    node = next;
  }
  node.parameter = parameter;
}

function refuseUnknown(raw: JsonObject, tree: ParameterNode): void {
  const unknown = unknownNames(raw, tree, []);
  if (unknown.length > 0) throw unknownParameters(unknown);
}

function unknownNames(raw: JsonObject, tree: ParameterNode, path: readonly string[]): readonly string[] {
  return Object.entries(raw).flatMap(([key, value]) => {
    const node = tree.children.get(key);
    const here = [...path, key];
    if (node === undefined) return [bracketed(here)];
    return node.children.size > 0 && isJsonObject(value) ? unknownNames(value, node, here) : [];
  });
}

/** A nested parameter is only required where the object around it is given. */
function refuseMissing(raw: JsonObject, parameters: readonly Parameter[]): void {
  for (const { required, location, path } of parameters) {
    if (!required || location !== "body") continue;
    const around = valueAt(raw, path.slice(0, -1));
    const key = path[path.length - 1];
    if (isJsonObject(around) && key !== undefined && around[key] === undefined) throw missingParameter(bracketed(path));
  }
}

function valueAt(raw: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), raw);
}

function readFields(raw: JsonObject, tree: ParameterNode, path: readonly string[]): JsonObject {
  const fields: Record<string, Json> = {};
  for (const [key, value] of Object.entries(raw)) {
    const node = tree.children.get(key);
    if (node !== undefined) fields[key] = readNode(value, node, [...path, key]);
  }
  return fields;
}

function readNode(value: Json, node: ParameterNode, path: readonly string[]): Json {
  if (node.children.size > 0 && isJsonObject(value)) return readFields(value, node, path);
  if (value === "" || value === null) return unset(node.parameter, path);
  return node.parameter === undefined
    ? looseJson(value, path[path.length - 1] ?? "")
    : readValue(value, node.parameter, path);
}

function unset(parameter: Parameter | undefined, path: readonly string[]): Json {
  if (parameter?.required === true) throw emptyParameter(bracketed(path));
  return null;
}

function readValue(value: Json, parameter: Parameter, path: readonly string[]): Json {
  const name = bracketed(path);
  if (parameter.type === "JSON") return readJson(value, parameter, name);
  if (typeof value === "object") throw badValue(wordFor(parameter), name, JSON.stringify(value));
  const text = String(value);
  if (parameter.enumValues?.includes(text) === true) return text;
  switch (parameter.type) {
    case "VARCHAR":
      if (parameter.enumValues !== undefined) throw badEnum(name, parameter.enumValues);
      return text;
    case "BIGINT":
      return readInteger(text, name);
    case "TIMESTAMPTZ":
      return readTime(text, name);
    case "BOOLEAN":
      return readBoolean(text, name);
    case "DOUBLE":
      return readDouble(text, name);
    case "DECIMAL":
      readDouble(text, name);
      return text;
  }
}

function wordFor(parameter: Parameter): string {
  switch (parameter.type) {
    case "BIGINT":
      return "integer";
    case "TIMESTAMPTZ":
      return "timestamp";
    case "BOOLEAN":
      return "boolean";
    case "DOUBLE":
    case "DECIMAL":
      return "decimal";
    case "VARCHAR":
    case "JSON":
      return "string";
  }
}

export function readInteger(text: string, name: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw badInteger(name, text);
  return value;
}

function readTime(text: string, name: string): Json {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && Number.isFinite(Date.parse(text))) return text;
  return readInteger(text, name);
}

export function readBoolean(text: string, name: string): boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  throw badValue("boolean", name, text);
}

function readDouble(text: string, name: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw badValue("decimal", name, text);
  return Number(text);
}

function readJson(value: Json, parameter: Parameter, name: string): Json {
  switch (parameter.jsonShape) {
    case "array":
      if (!Array.isArray(value)) throw badValue("array", name, String(value));
      return looseJson(value, name);
    case "map":
      if (typeof value !== "object") throw badValue("object", name, String(value));
      return parameter.path[parameter.path.length - 1] === "metadata" ? textMap(value) : looseJson(value, name);
    case "object":
      if (!isJsonObject(value)) throw badValue("object", name, String(value));
      return looseJson(value, name);
    case "list":
    case "any":
    case undefined:
      return looseJson(value, name);
  }
}

/** Metadata is texts under texts; keys that count from 0 were read as an array. */
function textMap(value: Json): JsonObject {
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, entry]) => [key, String(entry)]));
}

/** ["a", "b"] -> "a[b]", Stripe's way of naming a parameter. */
export function bracketed(path: readonly string[]): string {
  return `${path[0] ?? ""}${path
    .slice(1)
    .map((key) => `[${key}]`)
    .join("")}`;
}
