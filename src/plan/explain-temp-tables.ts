import { ageText } from "../value/age-text.js";
import type { JsonObject } from "../value/json.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import type { TempTable } from "./temp-table.js";

/** What tells how old a temp table's rows are. */
export interface TempTableFacts {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** The temp tables that a plan reads, a line for each. */
export function tempTableLines(plan: Plan, { nowMs }: TempTableFacts): readonly string[] {
  return tempTablesOf(plan).map((table) => `  Temp table ${table.name}: ${heldText(table, nowMs)}; no request`);
}

export function tempTablesJson(plan: Plan, { nowMs }: TempTableFacts): JsonObject {
  const tables = tempTablesOf(plan);
  if (tables.length === 0) return {};
  const ageSeconds = ({ readMs }: TempTable) => Math.floor((nowMs - readMs) / 1000);
  return {
    tempTables: tables.map((table) => ({ table: table.name, rows: table.rowCount, ageSeconds: ageSeconds(table) })),
  };
}

function tempTablesOf(plan: Plan): readonly TempTable[] {
  return (selectOf(plan)?.relations ?? []).flatMap((relation) => (relation.kind === "temp" ? relation.table : []));
}

/** "250 rows, read 35 seconds ago" */
export function heldText({ rowCount, readMs }: Pick<TempTable, "rowCount" | "readMs">, nowMs: number): string {
  return `${rowCountText(rowCount)}, read ${ageText(nowMs - readMs)} ago`;
}

export const rowCountText = (count: number): string => `${count} ${count === 1 ? "row" : "rows"}`;
