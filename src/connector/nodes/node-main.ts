import { openConnector } from "../open-connector.js";
import { serveNode } from "./serve-node.js";

serveNode(async (definition, context) => {
  const connector = await openConnector(definition, context);
  // What the first call would load, so that it is as quick as the next: the local engine, and the way to Stripe.
  await connector.executeSqlQuery({ query: "SELECT count(*) AS tables FROM sys_tables" });
  await import("stripe");
  return connector;
});
