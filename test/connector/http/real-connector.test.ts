import { openConnector } from "../../../src/connector/open-connector.js";
import { openRunning } from "../../sandbox/running-sandbox.js";
import { describeRoutes } from "./route-contract.js";
import { serve } from "./served-connector.js";

describeRoutes("the routes, over the connector and the sandbox", async () => {
  const { sandbox, catalog } = await openRunning({ customers: 20 });
  const connector = await openConnector({ apiKey: sandbox.apiKey, apiBase: sandbox.url });
  const close = async () => {
    await connector.close();
    await sandbox.close();
    catalog.close();
  };
  return { connection: serve(connector), close };
});
