/** A type of PostgreSQL's, as it is in pg_type. */
export interface PostgresType {
  /** In SQL's words, as PostgreSQL's errors have it. */
  readonly name: string;
  readonly oid: number;
  /** OID of the arrays of it. */
  readonly arrayOid: number;
  /** Of a value in bytes, -1 where it varies. */
  readonly size: number;
}

/** Source: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
export const postgresTypes = {
  bool: { name: "boolean", oid: 16, arrayOid: 1000, size: 1 },
  bytea: { name: "bytea", oid: 17, arrayOid: 1001, size: -1 },
  name: { name: "name", oid: 19, arrayOid: 1003, size: 64 },
  int8: { name: "bigint", oid: 20, arrayOid: 1016, size: 8 },
  int2: { name: "smallint", oid: 21, arrayOid: 1005, size: 2 },
  int4: { name: "integer", oid: 23, arrayOid: 1007, size: 4 },
  text: { name: "text", oid: 25, arrayOid: 1009, size: -1 },
  json: { name: "json", oid: 114, arrayOid: 199, size: -1 },
  float4: { name: "real", oid: 700, arrayOid: 1021, size: 4 },
  float8: { name: "double precision", oid: 701, arrayOid: 1022, size: 8 },
  bpchar: { name: "character", oid: 1042, arrayOid: 1014, size: -1 },
  varchar: { name: "character varying", oid: 1043, arrayOid: 1015, size: -1 },
  date: { name: "date", oid: 1082, arrayOid: 1182, size: 4 },
  timestamp: { name: "timestamp without time zone", oid: 1114, arrayOid: 1115, size: 8 },
  timestamptz: { name: "timestamp with time zone", oid: 1184, arrayOid: 1185, size: 8 },
  numeric: { name: "numeric", oid: 1700, arrayOid: 1231, size: -1 },
  uuid: { name: "uuid", oid: 2950, arrayOid: 2951, size: 16 },
  jsonb: { name: "jsonb", oid: 3802, arrayOid: 3807, size: -1 },
} as const satisfies Record<string, PostgresType>;

export type PostgresTypeName = keyof typeof postgresTypes;
