import type { SqlType } from "../../../value/sql-type.js";

/** PostgreSQL's type of a catalog column. */
export const columnTypes: Readonly<Record<SqlType, string>> = {
  BIGINT: "int8",
  DOUBLE: "float8",
  DECIMAL: "numeric",
  VARCHAR: "text",
  BOOLEAN: "bool",
  TIMESTAMPTZ: "timestamptz",
  JSON: "jsonb",
};
