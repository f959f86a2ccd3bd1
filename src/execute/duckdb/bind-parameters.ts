import type { DuckDBPreparedStatement, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBTimestampTZValue,
  HUGEINT,
  SQLNULL,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { exactText } from "../../value/exact-number.js";

/** Binds values to `$1`, `$2`, …: a statement made of another's parts may have but some of its parameters. */
export function bindParameters(prepared: DuckDBPreparedStatement, values: readonly unknown[]): void {
  for (let index = 1; index <= prepared.parameterCount; index += 1) {
    const position = parameterPosition(prepared, index);
    const { value, type } = engineParameter(values[position - 1], position);
    prepared.bindValue(index, value, type);
  }
}

/** The number in $1, $2, … of a statement's parameter; its indexes have no gaps. */
export function parameterPosition(prepared: DuckDBPreparedStatement, index: number): number {
  return Number(prepared.parameterName(index)) || index;
}

interface EngineParameter {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

function engineParameter(value: unknown, position: number): EngineParameter {
  if (value === null || value === undefined) return { value: null, type: SQLNULL };
  if (typeof value === "string") return { value, type: VARCHAR };
  if (typeof value === "boolean") return { value, type: BOOLEAN };
  if (typeof value === "bigint") return { value, type: BigInt.asIntN(64, value) === value ? BIGINT : HUGEINT };
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? { value: BigInt(value), type: BIGINT } : { value, type: DOUBLE };
  }
  if (value instanceof Date) return { value: timestampOf(value, position), type: TIMESTAMPTZ };
  if (typeof value === "object") return { value: exactText(value), type: VARCHAR };
  throw unbindable(position, typeof value);
}

function timestampOf(value: Date, position: number): DuckDBTimestampTZValue {
  if (Number.isNaN(value.getTime())) throw unbindable(position, "an invalid Date");
  return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
}

function unbindable(index: number, given: string): StripeSqlError {
  return new StripeSqlError(`parameter $${index} cannot take ${given}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    hint: "A parameter is a text, a number, a bigint, a boolean, a Date, null, or an object for JSON.",
  });
}
