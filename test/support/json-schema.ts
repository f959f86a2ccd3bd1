import type { Json, JsonObject } from "../../src/value/json.js";
import { isJsonObject } from "../../src/value/json.js";

const typeNames = ["string", "integer", "number", "boolean", "object", "array", "null"];

/** What a value has against a schema of type, enum, format, properties, required, items and bounds; empty where it fits. */
export function schemaMistakes(schema: JsonObject, value: Json | undefined, place = "value"): readonly string[] {
  if (value === undefined) return [`${place} is missing`];
  const types = listOf(schema["type"]);
  const mistakes: string[] = [];
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [`${place} is ${JSON.stringify(value)}, not ${types.join(" or ")}`];
  if ("enum" in schema && !listOf(schema["enum"]).includes(value as never)) {
    mistakes.push(`${place} is ${JSON.stringify(value)}, none of ${JSON.stringify(schema["enum"])}`);
  }
  if (schema["format"] === "date-time" && typeof value === "string" && !dateTime.test(value)) {
    mistakes.push(`${place} is ${value}, no time`);
  }
  if (isJsonObject(value)) mistakes.push(...propertyMistakes(schema, value, place));
  const { items } = schema;
  if (Array.isArray(value) && isJsonObject(items)) {
    mistakes.push(...value.flatMap((item: Json, index) => schemaMistakes(items, item, `${place}[${index}]`)));
  }
  return mistakes;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function propertyMistakes(schema: JsonObject, value: JsonObject, place: string): readonly string[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const missing = listOf(schema["required"]).filter((name) => !(String(name) in value));
  const wrong = Object.entries(properties).flatMap(([name, property]) =>
    name in value && isJsonObject(property) ? schemaMistakes(property, value[name], `${place}.${name}`) : [],
  );
  return [...missing.map((name) => `${place} lacks ${String(name)}`), ...wrong];
}

function isOfType(value: Json, type: Json): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

/** What is wrong with a schema itself, of the keywords that the connector writes. */
export function malformedSchema(schema: Json | undefined, place = "schema"): readonly string[] {
  if (!isJsonObject(schema)) return [`${place} is no schema`];
  const types = listOf(schema["type"]);
  const mistakes = types.filter((type) => !typeNames.includes(String(type))).map((type) => `${place} has type ${type}`);
  if (types.length === 0) mistakes.push(`${place} has no type`);
  if (new Set(types).size !== types.length) mistakes.push(`${place} names a type twice`);
  const values = listOf(schema["enum"]);
  if ("enum" in schema && (values.length === 0 || new Set(values).size !== values.length)) {
    mistakes.push(`${place} has an enum of ${JSON.stringify(values)}`);
  }
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const unknown = listOf(schema["required"]).filter((name) => !(String(name) in properties));
  mistakes.push(...unknown.map((name) => `${place} requires ${name}, which it does not describe`));
  for (const [name, property] of Object.entries(properties))
    mistakes.push(...malformedSchema(property, `${place}.${name}`));
  if ("items" in schema) mistakes.push(...malformedSchema(schema["items"], `${place}[]`));
  return mistakes;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Json];
}
