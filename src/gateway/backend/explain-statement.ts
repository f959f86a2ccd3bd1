import type { ExplainStatement, StatementOption } from "../../syntax/postgres/postgres-statement.js";
import { sharedStatement } from "../../syntax/postgres/shared-statement.js";
import type * as shared from "../../syntax/statement.js";
import type { PlannedStatement } from "./run-on-stripe.js";

/** EXPLAIN of a statement that goes by the planner, whose plan is what it tells. */
export function sharedExplain(
  { text, offset, options }: ExplainStatement,
  inner: PlannedStatement,
): shared.ExplainStatement {
  return {
    ...{ kind: "explain", text, offset, parameters: [] },
    analyze: isOn(options, "analyze", false),
    costs: isOn(options, "costs", true),
    format: optionOf(options, "format")?.values[0]?.toLowerCase() === "json" ? "json" : "text",
    statement: sharedStatement(inner),
  };
}

function optionOf(options: readonly StatementOption[], name: string): StatementOption | undefined {
  return options.find((option) => option.name === name);
}

/** An option without a value is on. */
function isOn(options: readonly StatementOption[], name: string, byDefault: boolean): boolean {
  const option = optionOf(options, name);
  return option === undefined ? byDefault : !/^(false|off|0)$/i.test(option.values[0] ?? "true");
}
