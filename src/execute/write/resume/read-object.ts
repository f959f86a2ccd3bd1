import type { JsonObject } from "../../../value/json.js";
import type { StatementContext } from "../../statement-context.js";
import type { WriteCall } from "../write-call.js";

/** The object at the path of an update or a deletion, as it is now. */
export function readObject(
  { path, endpointPath, accountId, apiBase }: WriteCall,
  { client, scope }: Pick<StatementContext, "client" | "scope">,
): Promise<JsonObject> {
  return client.request(
    { method: "GET", path, endpointPath, parameters: {}, accountId, apiBase, budget: "read" },
    scope,
  );
}
