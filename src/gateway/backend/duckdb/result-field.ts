import { SqlState } from "../../../error/sql-state.js";
import type { OutputColumn } from "../../../execute/row-source.js";
import type { EncodeValue } from "../../../protocol/backend-writer.js";
import type { Format } from "../../../protocol/format-code.js";
import type { FieldDescription } from "../../../protocol/row-description.js";
import type { Cell } from "../../../value/cell.js";
import type { DataType } from "../../../value/data-type.js";
import type { TimeZone } from "../../../value/time-zone.js";
import { sessionError } from "../../session/session-error.js";
import { columnType, typeOid, typeSize } from "../../types/column-type.js";
import { cellEncoder } from "../../types/encode-cell.js";
import { postgresTypes } from "../../types/postgres-type.js";

/** A column of DuckDB's as a client is told of it. */
export function resultField({ name, type }: OutputColumn, format: Format): FieldDescription {
  const shown = columnType(type);
  return {
    ...{ name, tableOid: 0, columnNumber: 0, format },
    ...{ typeOid: typeOid(shown), typeSize: typeSize(shown), typeModifier: shown.modifier },
  };
}

/**
 * Writes a column's cells as the type that the client was told of. DuckDB decides some types by the values of parameters,
 * which are not known yet when a statement is described; then what the type told holds without loss is written as that, and
 * all else is the error that PostgreSQL has for it, 0A000.
 */
export function fieldEncoder(
  type: DataType,
  { typeOid: told, format }: FieldDescription,
  zone: TimeZone,
): EncodeValue<Cell> {
  const own = typeOid(columnType(type));
  if (told === own) return cellEncoder(type, { format, zone });
  if (told === postgresTypes.text.oid) return cellEncoder(type, { format: "text", zone });
  const wider = widerTypes.get(told);
  if (wider?.from.has(own)) return cellEncoder(wider.type, { format, zone });
  throw resultChanged();
}

/** A statement that has other columns than the client was told of. */
export function resultChanged() {
  return sessionError("cached plan must not change result type", SqlState.featureNotSupported, {
    detail: "The type of a column depends on the value of a parameter.",
    hint: "Cast the parameter, as in CAST($1 AS BIGINT).",
  });
}

const { int2, int4, int8, numeric, float4, float8 } = postgresTypes;

interface WiderType {
  readonly type: DataType;
  readonly from: ReadonlySet<number>;
}

/** Types that hold the values of others, whose cells are written alike. A double's parameter may have been whole. */
const widerTypes: ReadonlyMap<number, WiderType> = new Map([
  [int4.oid, { type: { kind: "INTEGER" }, from: new Set([int2.oid]) }],
  [int8.oid, { type: { kind: "BIGINT" }, from: new Set([int2.oid, int4.oid]) }],
  [numeric.oid, { type: { kind: "HUGEINT" }, from: new Set([int2.oid, int4.oid, int8.oid]) }],
  [float8.oid, { type: { kind: "DOUBLE" }, from: new Set([int2.oid, int4.oid, int8.oid, float4.oid]) }],
]);
