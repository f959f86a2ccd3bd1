import { accountColumn } from "../../plan/access/account-rule.js";
import type { Access, Constants } from "../../plan/scan/scan.js";
import type { ListCall } from "../../stripe/list-call.js";
import type { StatementContext } from "../statement-context.js";

/** What the rows of an access hold beside their objects. */
export function constantsOf(access: Access, context: StatementContext): Constants {
  return { [accountColumn]: context.accountId ?? null, ...access.constants };
}

export function addressOf({
  endpoint,
  accountId,
  path,
}: Access): Pick<ListCall, "path" | "endpointPath" | "apiBase" | "accountId"> {
  return { path, endpointPath: endpoint.path, apiBase: endpoint.apiBase, accountId };
}
