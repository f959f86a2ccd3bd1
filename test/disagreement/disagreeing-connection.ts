import { afterEach } from "vitest";
import type { Connection, ConnectOptions } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { DisagreeingServer, Disagreement } from "../support/disagreeing-server.js";
import { startDisagreeingServer } from "../support/disagreeing-server.js";
import { testFolder } from "../support/folder.js";
import type { SandboxConnection } from "../support/sandbox-connection.js";

export interface DisagreeingConnection {
  readonly server: DisagreeingServer;
  readonly connection: Connection;
  /** Of the file's own, as what is found out of a server is remembered there. */
  readonly cachePath: string;
}

/** Opens connections to servers before a sandbox that disagree as planted; each is closed after its test. */
export function disagreeingConnections(running: SandboxConnection) {
  const closing: (() => Promise<void>)[] = [];
  const { path: cachePath } = testFolder();
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return async (planted: readonly Disagreement[], options: ConnectOptions = {}): Promise<DisagreeingConnection> => {
    const server = await startDisagreeingServer(running.sandbox, running.catalog, planted);
    closing.push(() => server.close());
    const connection = await connect({ apiKey: running.sandbox.apiKey, apiBase: server.url, cachePath, ...options });
    closing.push(() => connection.close());
    return { server, connection, cachePath };
  };
}
