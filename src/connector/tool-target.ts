import type { Catalog } from "../catalog/catalog.js";
import { actionNames } from "./actions.js";
import type { Operation } from "./connector.js";
import { entityName, operationsOf } from "./entity-table.js";

/** What a tool stands for. */
export type ToolTarget =
  | { readonly kind: "action"; readonly action: string }
  | { readonly kind: "operation"; readonly operation: Operation; readonly entity: string }
  | { readonly kind: "sql" };

export const sqlTool = "execute_sql_query";

/** By name: "list_Customer", "list_v2_Account", "AcceptQuote". */
export function toolTargets(catalog: Catalog): ReadonlyMap<string, ToolTarget> {
  const operations = catalog.tables().flatMap((table) =>
    operationsOf(table).map((operation): [string, ToolTarget] => {
      const entity = entityName(table);
      return [`${operation.toLowerCase()}_${entity.replace(".", "_")}`, { kind: "operation", operation, entity }];
    }),
  );
  const actions = actionNames(catalog).map((action): [string, ToolTarget] => [action, { kind: "action", action }]);
  return new Map<string, ToolTarget>([...actions, [sqlTool, { kind: "sql" }], ...operations]);
}
