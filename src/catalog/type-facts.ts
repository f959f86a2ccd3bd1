import { decimalScale } from "../value/decimal.js";
import type { SqlType } from "../value/sql-type.js";

/** What the metadata tables say of a type. */
export interface TypeFacts {
  /** PostgreSQL's name, as in information_schema. */
  readonly postgresName: string;
  readonly udtName: string;
  /** Code of java.sql.Types, as metadata tables of database drivers give it. */
  readonly jdbcCode: number;
  readonly precision: number | null;
  readonly scale: number | null;
}

export function typeFacts(type: SqlType): TypeFacts {
  return factsByType[type];
}

const factsByType: Readonly<Record<SqlType, TypeFacts>> = {
  BIGINT: { postgresName: "bigint", udtName: "int8", jdbcCode: -5, precision: 64, scale: 0 },
  DOUBLE: { postgresName: "double precision", udtName: "float8", jdbcCode: 8, precision: 53, scale: null },
  DECIMAL: { postgresName: "numeric", udtName: "numeric", jdbcCode: 3, precision: 38, scale: decimalScale },
  VARCHAR: { postgresName: "character varying", udtName: "varchar", jdbcCode: 12, precision: null, scale: null },
  BOOLEAN: { postgresName: "boolean", udtName: "bool", jdbcCode: 16, precision: null, scale: null },
  TIMESTAMPTZ: {
    postgresName: "timestamp with time zone",
    udtName: "timestamptz",
    jdbcCode: 2014,
    precision: null,
    scale: null,
  },
  JSON: { postgresName: "json", udtName: "json", jdbcCode: 1111, precision: null, scale: null },
};
