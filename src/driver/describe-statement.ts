import type { OutputColumn } from "../execute/row-source.js";
import { describeSelect } from "../execute/select/describe-select.js";
import type { StatementContext } from "../execute/statement-context.js";
import { procedureColumns } from "../execute/write/run-procedure.js";
import { parameterTypes } from "../plan/parameter-types.js";
import type { Plan } from "../plan/plan.js";
import { planSelect } from "../plan/select/plan-select.js";
import type { SelectPlan } from "../plan/select/select-plan.js";
import type { Statement } from "../syntax/statement.js";
import type { DataType } from "../value/data-type.js";
import { dataType } from "../value/data-type.js";
import { forgottenColumns } from "./kept/forgotten-rows.js";
import { metadataRows } from "./metadata-rows.js";
import { planStatement } from "./plan-statement.js";
import { queryPlanColumns } from "./query-plan-rows.js";
import type { StatementHost } from "./run-statement.js";
import { metadataParts, shownSetting } from "./run-statement.js";
import { callColumns } from "./write-tables.js";

/** What is known of a statement before it runs. */
export interface DescribedStatement {
  /** Undefined where its rows decide which there are. */
  readonly columns: readonly OutputColumn[] | undefined;
  /** Types of its parameters by their place, from 1 on, where they are known. */
  readonly parameters: ReadonlyMap<number, DataType>;
}

/** Tells a statement's columns and parameters: nothing is sent and nothing written. `values`: the parameters', where they are known. */
export async function describeStatement(
  statement: Statement,
  host: StatementHost,
  values: readonly unknown[] | undefined,
): Promise<DescribedStatement> {
  switch (statement.kind) {
    case "explain":
      return {
        columns: queryPlanColumns(statement.format),
        parameters: (await describeStatement(statement.statement, host, values)).parameters,
      };
    case "show":
    case "describe":
      return { columns: metadataRows(statement, metadataParts(host)).columns, parameters: new Map() };
    case "show-setting":
      return { columns: shownSetting(statement, "").columns, parameters: new Map() };
    case "show-write":
    case "resume":
      return { columns: callColumns, parameters: new Map() };
    case "forget-rows":
      return { columns: forgottenColumns, parameters: new Map() };
    case "create-table": {
      const plan = planSelect(statement.select, host.environment);
      const { parameters } = await describePlan(plan, host.context, values);
      const known = [...parameterTypes(statement, plan)].map(([place, type]) => [place, dataType(type)] as const);
      return { columns: [], parameters: new Map([...parameters, ...known]) };
    }
    case "create-view":
    case "drop-view":
    case "copy":
    case "drop-table":
    case "refresh":
    case "forget":
    case "set":
    case "reset":
    case "begin":
    case "commit":
    case "rollback":
      return { columns: [], parameters: new Map() };
    case "select":
    case "insert":
    case "update":
    case "delete":
    case "merge":
    case "execute": {
      const plan = planStatement(statement, host.environment);
      const described = await describePlan(plan, host.context, values);
      const known = [...parameterTypes(statement, plan)].map(([place, type]) => [place, dataType(type)] as const);
      return { columns: described.columns, parameters: new Map([...described.parameters, ...known]) };
    }
  }
}

async function describePlan(
  plan: Plan,
  context: StatementContext,
  values: readonly unknown[] | undefined,
): Promise<DescribedStatement> {
  const describe = (select: SelectPlan) => describeSelect(select, context, values);
  if (plan.kind === "select") return describe(plan);
  const { parameters } =
    plan.requests.kind !== "constant" && values === undefined ? await describe(plan.requests.select) : none;
  if (plan.kind === "procedure") return { columns: procedureColumns(plan, context), parameters };
  if (plan.returning === undefined) return { columns: [], parameters };
  const returning = await describe(plan.returning);
  return { columns: returning.columns, parameters: new Map([...returning.parameters, ...parameters]) };
}

const none: DescribedStatement = { columns: [], parameters: new Map() };
