import type { Column } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import type { SqlType } from "../value/sql-type.js";

/** What a schema tells of a value: a column, an input, or a field of a result. */
export interface DescribedValue
  extends Pick<Column, "type" | "description" | "jsonShape" | "enumValues" | "closedEnum" | "nullable"> {}

/** Source: https://cloud.google.com/integration-connectors/docs/reference/rest/v1/DataType */
export function dataTypeOf({ type, jsonShape }: Pick<DescribedValue, "type" | "jsonShape">): string {
  if (type === "TIMESTAMPTZ") return "TIMESTAMP_WITH_TIMEZONE";
  if (type !== "JSON") return type;
  return jsonShape === "array" ? "ARRAY" : "STRUCT";
}

/**
 * How the values of a column are written as JSON. Stripe adds values to an open enum at any time: those that are known
 * are examples of it, so that no new one is refused by whom validates. Source: https://json-schema.org/draft/2020-12
 */
export function valueSchema(value: DescribedValue): JsonObject {
  const { type, description, nullable } = value;
  const types = jsonTypes(value);
  return {
    type: nullable ? [...types, "null"] : types,
    jdbcType: jdbcTypes[type],
    ...(type === "TIMESTAMPTZ" ? { format: "date-time" } : {}),
    ...knownValues(value),
    ...(description === "" ? {} : { description }),
  };
}

function knownValues({ enumValues, closedEnum, nullable }: DescribedValue): JsonObject {
  if (enumValues === undefined) return {};
  if (closedEnum !== true) return { examples: enumValues };
  return { enum: nullable ? [...enumValues, null] : enumValues };
}

function jsonTypes({ type, jsonShape }: DescribedValue): readonly string[] {
  switch (type) {
    case "VARCHAR":
    case "TIMESTAMPTZ":
    case "DECIMAL":
      return ["string"];
    case "BIGINT":
      // Past 2^53 it is a text.
      return ["integer", "string"];
    case "DOUBLE":
      return ["number"];
    case "BOOLEAN":
      return ["boolean"];
    case "JSON":
      if (jsonShape === "array") return ["array"];
      return jsonShape === "any" || jsonShape === undefined
        ? ["object", "array", "string", "number", "boolean"]
        : ["object"];
  }
}

const jdbcTypes: Readonly<Record<SqlType, string>> = {
  VARCHAR: "VARCHAR",
  TIMESTAMPTZ: "TIMESTAMP_WITH_TIMEZONE",
  DECIMAL: "DECIMAL",
  BIGINT: "BIGINT",
  DOUBLE: "DOUBLE",
  BOOLEAN: "BOOLEAN",
  JSON: "LONGVARCHAR",
};
