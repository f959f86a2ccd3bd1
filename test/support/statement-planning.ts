import { noStatistics } from "../../src/plan/cost/statistics.js";
import type { PlanEnvironment } from "../../src/plan/environment.js";
import { planSelect } from "../../src/plan/select/plan-select.js";
import type { ScanRelation, SelectPlan } from "../../src/plan/select/select-plan.js";
import type { Statement } from "../../src/syntax/statement.js";
import { utc } from "../../src/value/time-zone.js";
import { planningTime, sharedCatalog } from "./planning.js";
import { readScript } from "./read-statement.js";

export function planEnvironment(changes: Partial<PlanEnvironment> = {}): PlanEnvironment {
  return {
    catalog: sharedCatalog(),
    dialect: "duckdb",
    systemTables: [],
    tempTables: [],
    constants: { parameters: [], nowSeconds: planningTime, zone: utc },
    statistics: noStatistics,
    accountId: undefined,
    closedEnumsHold: true,
    pushdown: true,
    directWay: true,
    search: "off",
    without: new Set(),
    readOnly: false,
    allowUnfilteredWrites: false,
    ...changes,
  };
}

/** The one statement of a text, of the kind that is asked for. */
export function statementOf<Kind extends Statement["kind"]>(
  sql: string,
  kind: Kind,
): Extract<Statement, { kind: Kind }> {
  const [statement, ...others] = readScript(sql);
  const isWanted = (found: Statement | undefined): found is Extract<Statement, { kind: Kind }> => found?.kind === kind;
  if (!isWanted(statement) || others.length > 0) throw new Error(`not a ${kind}: ${sql}`);
  return statement;
}

/** The plan of a SELECT with the values of its parameters. */
export function planOf(
  sql: string,
  parameters: readonly unknown[] = [],
  changes: Partial<PlanEnvironment> = {},
): SelectPlan {
  const environment = planEnvironment({ constants: { parameters, nowSeconds: planningTime, zone: utc }, ...changes });
  return planSelect(statementOf(sql, "select"), environment);
}

/** The scan of a table in a plan, by the name that the statement gives it. */
export function scanOf(plan: SelectPlan, name: string): ScanRelation {
  const relation = plan.relations.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (relation?.kind !== "scan") throw new Error(`no scan of ${name}`);
  return relation;
}
