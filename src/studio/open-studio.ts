import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Connection } from "../driver/api.js";
import { DashboardFiles } from "./dashboards/dashboard-files.js";
import { createApp } from "./server/create-app.js";
import { Results } from "./server/results.js";
import type { StudioQueries } from "./server/studio-queries.js";

export interface StudioOptions {
  readonly connection: Connection;
  /** What the page tells; the connection itself refuses writes. */
  readonly isReadOnly: boolean;
  readonly queries: StudioQueries;
  /** Of dashboards' files. */
  readonly folder: string;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
}

export interface Studio {
  /** The page's address, with the token that its requests have to bring behind `#`, where no server or log sees it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the workbench's page to this machine's browsers alone. The connection stays the caller's. */
export async function openStudio({
  connection,
  isReadOnly,
  queries,
  folder,
  port = 0,
}: StudioOptions): Promise<Studio> {
  const token = randomBytes(24).toString("base64url");
  const results = new Results();
  let ownPort = port;
  const app = createApp({
    ...{ connection, isReadOnly, token, results, queries, dashboards: new DashboardFiles(folder) },
    hosts: () => [`127.0.0.1:${ownPort}`, `localhost:${ownPort}`],
  });
  await app.listen({ host: "127.0.0.1", port });
  ownPort = (app.server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${ownPort}/#${token}`,
    async close() {
      await app.close();
      await results.close();
    },
  };
}
