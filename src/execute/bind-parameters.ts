import type { DuckDBPreparedStatement } from "@duckdb/node-api";
import { DuckDBTimestampTZValue, TIMESTAMPTZ, VARCHAR } from "@duckdb/node-api";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Binds values to `$1`, `$2`, …: a statement made of another's parts may have but some of its parameters. */
export function bindParameters(prepared: DuckDBPreparedStatement, values: readonly unknown[]): void {
  for (let index = 1; index <= prepared.parameterCount; index += 1) {
    const position = Number(prepared.parameterName(index)) || index;
    bindValue(prepared, index, values[position - 1]);
  }
}

function bindValue(prepared: DuckDBPreparedStatement, index: number, value: unknown): void {
  if (value === null || value === undefined) return prepared.bindNull(index);
  switch (typeof value) {
    case "string":
      return prepared.bindVarchar(index, value);
    case "boolean":
      return prepared.bindBoolean(index, value);
    case "bigint":
      return prepared.bindBigInt(index, value);
    case "number":
      return Number.isSafeInteger(value)
        ? prepared.bindBigInt(index, BigInt(value))
        : prepared.bindDouble(index, value);
    case "object":
      return bindObject(prepared, index, value);
    case "undefined":
    case "symbol":
    case "function":
      throw unbindable(index, typeof value);
  }
}

function bindObject(prepared: DuckDBPreparedStatement, index: number, value: object | null): void {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unbindable(index, "an invalid Date");
    return prepared.bindValue(index, new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n), TIMESTAMPTZ);
  }
  return prepared.bindValue(index, JSON.stringify(value), VARCHAR);
}

function unbindable(index: number, given: string): StripeSqlError {
  return new StripeSqlError(`parameter $${index} cannot take ${given}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    hint: "A parameter is a text, a number, a bigint, a boolean, a Date, null, or an object for JSON.",
  });
}
