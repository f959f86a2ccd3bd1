import type { DuckDBExtractedStatements, DuckDBPreparedStatement, DuckDBType } from "@duckdb/node-api";
import { DuckDBTypeId, SQLNULL } from "@duckdb/node-api";
import type { EngineDescription } from "../engine/engine-session.js";
import type { OutputColumn } from "../row-source.js";
import { parameterPosition } from "./bind-parameters.js";
import { dataTypeOf } from "./engine-type.js";

/** DuckDB makes several statements of a PIVOT whose columns are the values of its rows. */
export function needsRows(statements: DuckDBExtractedStatements): boolean {
  return statements.count > 1;
}

/** Undefined where a column's type depends on a parameter's value. */
export function preparedColumns(prepared: DuckDBPreparedStatement): readonly OutputColumn[] | undefined {
  const indexes = Array.from({ length: prepared.columnCount }, (_, index) => index);
  if (indexes.some((index) => prepared.columnTypeId(index) === DuckDBTypeId.INVALID)) return undefined;
  return indexes.map((index) => ({ name: prepared.columnName(index), type: dataTypeOf(prepared.columnType(index)) }));
}

export function preparedParameters(prepared: DuckDBPreparedStatement): EngineDescription["parameters"] {
  const types = parameterTypes(prepared).map(
    (type, index) => [parameterPosition(prepared, index + 1), type && dataTypeOf(type)] as const,
  );
  return new Map(types.flatMap(([position, type]) => (type === undefined ? [] : [[position, type]])));
}

/** Binds NULL to every parameter, of the type that its place tells. */
export function bindNulls(prepared: DuckDBPreparedStatement): void {
  for (const [index, type] of parameterTypes(prepared).entries()) prepared.bindValue(index + 1, null, type ?? SQLNULL);
}

function parameterTypes(prepared: DuckDBPreparedStatement): readonly (DuckDBType | undefined)[] {
  return Array.from({ length: prepared.parameterCount }, (_, index) =>
    prepared.parameterTypeId(index + 1) === DuckDBTypeId.INVALID ? undefined : prepared.parameterType(index + 1),
  );
}
