import { afterAll, afterEach, beforeAll } from "vitest";
import type { Connector, EntityFields, ListEntitiesInput, PageInput } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import type { ConnectOptions } from "../../src/driver/api.js";
import type { SandboxConnection } from "./sandbox-connection.js";
import { requestLines } from "./sandbox-connection.js";

/** A connector to the sandbox of a test file. */
export interface SandboxConnector {
  readonly connector: Connector;
  /** Another one, closed after the test. */
  open(options?: ConnectOptions): Promise<Connector>;
  /** What a call gives, and the requests that it sent. */
  traced<Value>(call: () => Promise<Value>): Promise<{ readonly value: Value; readonly sent: readonly string[] }>;
}

export function connectConnector(running: SandboxConnection, properties: ConnectOptions = {}): SandboxConnector {
  const more: Connector[] = [];
  let connector: Connector | undefined;
  const open = (given: ConnectOptions): Promise<Connector> =>
    openConnector({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url, ...given });
  beforeAll(async () => {
    connector = await open(properties);
  });
  afterEach(async () => {
    for (const other of more.splice(0)) await other.close();
  });
  afterAll(() => connector?.close());
  return {
    get connector() {
      if (connector === undefined) throw new Error("the connector is not open yet");
      return connector;
    },
    open: async (given = {}) => {
      const other = await open(given);
      more.push(other);
      return other;
    },
    traced: async (call) => {
      running.sandbox.requests.clear();
      const value = await call();
      return { value, sent: requestLines(running.sandbox) };
    },
  };
}

/** The pages of a listing, one after another; `between` runs before each further page is asked for. */
export async function listPages(
  connector: Connector,
  input: ListEntitiesInput,
  between?: (page: readonly EntityFields[]) => void | Promise<void>,
): Promise<readonly (readonly EntityFields[])[]> {
  const pages: (readonly EntityFields[])[] = [];
  let token: string | null = null;
  do {
    const page = await connector.listEntities(token === null ? input : { ...input, listEntitiesPageToken: token });
    pages.push(page.connectorOutputPayload);
    token = page.listEntitiesNextPageToken;
    if (pages.length > 1000) throw new Error("the listing does not end");
    if (token !== null) await between?.(page.connectorOutputPayload);
  } while (token !== null);
  return pages;
}

export const idsOf = (rows: readonly EntityFields[]): readonly string[] => rows.map((row) => String(row["Id"]));

/** The pages of a list of names. */
export async function pagesOfNames<Item>(
  list: (page: PageInput) => Promise<{ readonly items: readonly Item[]; readonly nextPageToken: string | null }>,
  size: PageInput = { pageSize: 200 },
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let token: string | null = null;
  do {
    const { items, nextPageToken }: Awaited<ReturnType<typeof list>> = await list(
      token === null ? size : { ...size, pageToken: token },
    );
    pages.push(items);
    token = nextPageToken;
  } while (token !== null);
  return pages;
}
