import querystring from "node:querystring";
import type { Catalog } from "../catalog/catalog.js";
import { cacheFolder, writeFault } from "../store/cache-folder.js";
import { openCatalog } from "../store/open-catalog.js";
import { openReadCounts, passingReadCounts } from "../store/read-counts.js";
import { openStatistics, passingStatistics } from "../store/statistics-store.js";
import { WritesStore } from "../store/writes/writes-store.js";
import type { RateStore } from "../stripe/rate/rate-store.js";
import { isSecretVersionName } from "../stripe/secret/secret-version-name.js";
import type { Connection, ConnectOptions } from "./api.js";
import { readInput } from "./connection-input.js";
import { ConnectionMeter } from "./connection-meter.js";
import type { ConnectionProperties, ConnectionPropertyRow } from "./connection-properties.js";
import { connectionPropertyTable, resolveProperties } from "./connection-properties.js";
import { Database } from "./database.js";
import { openServer } from "./open-server.js";
import type { StatementLog } from "./statement-log.js";
import { openStatementLog } from "./statement-log.js";

/** A connection, and the schema that it is over: what the connector builds on. */
export interface OpenedConnection {
  readonly connection: Connection;
  readonly catalog: Catalog;
  /** Fails where the local engine runs no statement, nor another in its place; one that is busy is waited for no longer than seconds. */
  readonly probe: () => Promise<void>;
}

/** What others than the user decide. */
export interface ConnectionContext {
  /** Where the use of Stripe's limits is kept where the property RateStore is not given; default this connection. */
  readonly rateStore?: RateStore | undefined;
  /** Default of the property AllowOtherAccounts where there is an AccountId. Default true. */
  readonly allowOtherAccounts?: boolean;
  /** Default of the property FileAccess. Default true. */
  readonly fileAccess?: boolean;
  /** Default of the property MemoryLimit. Default the engine's own. */
  readonly memoryLimit?: string;
  /** Given where the process is for this connection alone: called where nothing but its end gives its memory back. */
  readonly onMemoryExhausted?: (() => void) | undefined;
}

/** `connect` for those who need the schema too. */
export async function openConnection(
  input?: string | ConnectOptions,
  context?: ConnectionContext,
): Promise<OpenedConnection> {
  const database = await openDatabase(input, context);
  return {
    connection: database.session({ ownsDatabase: true }),
    catalog: database.catalog,
    probe: () => database.probe(),
  };
}

/** Opens a database as `connect` does, for sessions that share it. */
export async function openDatabase(
  input?: string | ConnectOptions,
  { rateStore, allowOtherAccounts = true, fileAccess = true, memoryLimit, onMemoryExhausted }: ConnectionContext = {},
): Promise<Database> {
  const properties = resolveProperties(await readInput(input), process.env, {
    ...{ allowOtherAccounts, fileAccess, memoryLimit },
  });
  const log = await openStatementLog(properties);
  for (const secret of givenSecrets(properties)) log?.hide(secret);
  const notices: string[] = [];
  const catalog = openLoggedCatalog(properties, log, notices);
  const propertyTable = connectionPropertyTable(properties);
  const isSandbox = properties.target.kind === "sandbox";
  const reads = isSandbox ? passingReadCounts() : openReadCounts(properties.cachePath);
  const meter = new ConnectionMeter(reads);
  const server = await openServer({ properties, catalog, log, rateStore, meter });
  log?.connected(Object.fromEntries(propertyTable.map(({ name, value }) => [name, value])));
  return new Database({
    properties,
    catalog,
    statistics: isSandbox ? passingStatistics() : openStatistics(properties.cachePath),
    reads,
    // A sandbox of its own ends with its connection, and all that was written to it.
    writes: isSandbox ? new WritesStore(":memory:") : WritesStore.inFolder(properties.cachePath),
    meter,
    notices,
    propertyTable: properties.fileAccess ? propertyTable : withoutPaths(propertyTable),
    server,
    engine: async (tables) => {
      const { DuckdbEngine } = await import("../execute/duckdb/duckdb-engine.js");
      return DuckdbEngine.open(tables, { ...properties, onMemoryExhausted });
    },
    log,
  });
}

const pathProperties: ReadonlySet<string> = new Set(["CachePath", "LogFile", "SecretKeyFile", "AuditLog"]);

/** Who may not read this machine's files is not told where they are. */
function withoutPaths(table: readonly ConnectionPropertyRow[]): readonly ConnectionPropertyRow[] {
  return table.map((row) => (pathProperties.has(row.name) && row.value !== undefined ? { ...row, value: "***" } : row));
}

/** What the properties hold besides the key, and nothing recognises in a text. */
function givenSecrets({ proxy, rateStore }: ConnectionProperties): readonly string[] {
  const passwords = [proxy?.password, ...(rateStore === undefined ? [] : passwordsOf(rateStore))];
  return passwords.flatMap((password) => (password === undefined || isSecretVersionName(password) ? [] : [password]));
}

/** As it stands in the URL, and as the server takes it. */
function passwordsOf(url: string): readonly string[] {
  const password = URL.canParse(url) ? new URL(url).password : "";
  return [password, querystring.unescape(password)];
}

/** @param notices Takes what the first statement is to tell whoever runs this program; nobody else's business. */
function openLoggedCatalog(
  { cachePath, fileAccess }: ConnectionProperties,
  log: StatementLog | undefined,
  notices: string[],
): Catalog {
  const startedAt = performance.now();
  let isCompiled = false;
  let isTold = false;
  const tell = (folder: string, { code }: NodeJS.ErrnoException, consequence: string) => {
    isTold = true;
    log?.cache("cache not kept", { folder, code });
    if (fileAccess) notices.push(`the cache folder ${folder} cannot be written (${code}): ${consequence}`);
  };
  const catalog = openCatalog({
    cachePath,
    onCompile: () => {
      isCompiled = true;
    },
    onUnkept: (folder, error) => tell(folder, error, "the schema is compiled at each start, and nothing is remembered"),
  });
  const folder = cacheFolder(cachePath);
  const fault = isTold ? undefined : writeFault(folder);
  if (fault !== undefined) tell(folder, fault, "nothing is remembered");
  log?.cache(isCompiled ? "catalog compiled" : "catalog opened", {
    sdkVersion: catalog.sdkVersion,
    apiVersion: catalog.apiVersion,
    elapsedMs: performance.now() - startedAt,
  });
  return catalog;
}
