import type { Catalog } from "../catalog/catalog.js";
import { keptStates } from "../store/kept-states.js";
import { isLiveKey } from "../stripe/is-live-key.js";
import type { ProxyOptions } from "../stripe/proxy/proxy-options.js";
import { accountName, limitedAccount } from "../stripe/rate/limited-account.js";
import type { RateStore } from "../stripe/rate/rate-store.js";
import { requestLimits } from "../stripe/rate/request-limits.js";
import type { RequestMeter } from "../stripe/request-meter.js";
import { SecretKeyedClient } from "../stripe/secret/secret-keyed-client.js";
import { openSecretSource } from "../stripe/secret/secret-manager.js";
import type { SecretSource } from "../stripe/secret/secret-source.js";
import { isSecretVersionName } from "../stripe/secret/secret-version-name.js";
import type { StripeClient } from "../stripe/stripe-client.js";
import type { ConnectionDescription } from "./api.js";
import type { ConnectionProperties } from "./connection-properties.js";
import type { ConnectionTarget } from "./connection-target.js";
import { Lazy } from "./lazy.js";
import type { StatementLog } from "./statement-log.js";

/** As much of a client as a connection needs. */
export type ConnectionClient = Pick<StripeClient, "request" | "close">;

/** What a connection's statements are sent to. */
export interface Server {
  readonly apiBase: string;
  /** "live" too while a key that is a secret has not been read: what is not known is treated with a live key's care. */
  readonly mode: () => ConnectionDescription["mode"];
  /** Undefined: no rate limit. */
  readonly requestsPerSecond: () => number | undefined;
  /** The same on any one endpoint. */
  readonly endpointRequestsPerSecond: () => number | undefined;
  /** A name for the account whose reads are counted; it tells nothing of the key. */
  readonly account: () => string;
  /** A name for the account whose writes are kept, known before the key is: of a secret it is the name that counts. */
  readonly writer: string;
  /** Opened when a statement first needs it. */
  readonly client: Lazy<ConnectionClient>;
  /** Ends what was started for it: the sandbox, the connection to a rate store. */
  readonly close: () => Promise<void>;
}

interface ServerParts {
  readonly properties: ConnectionProperties;
  readonly catalog: Catalog;
  readonly log: StatementLog | undefined;
  readonly rateStore: RateStore | undefined;
  readonly meter: RequestMeter;
}

/** Starts the embedded sandbox where it is the target; else nothing is read or sent. */
export async function openServer(parts: ServerParts): Promise<Server> {
  const { rateStore: url } = parts.properties;
  if (url === undefined) return openTarget(parts);
  const { openRedisRateStore } = await import("../stripe/rate/redis-rate-store.js");
  const rateStore = await openRedisRateStore(url);
  const server = await openTarget({ ...parts, rateStore });
  return {
    ...server,
    close: async () => {
      await server.close();
      rateStore.close();
    },
  };
}

async function openTarget(parts: ServerParts): Promise<Server> {
  const { target } = parts.properties;
  switch (target.kind) {
    case "sandbox":
      return sandboxServer(target, parts);
    case "server":
      return { ...keyedServer(target, parts), close: async () => undefined };
    case "secret":
      return secretServer(target, parts);
  }
}

async function sandboxServer(
  { customers, seed }: Extract<ConnectionTarget, { kind: "sandbox" }>,
  parts: ServerParts,
): Promise<Server> {
  const { startSandbox } = await import("../sandbox/start-sandbox.js");
  const states = keptStates(parts.properties.cachePath);
  const sandbox = await startSandbox(parts.catalog, { customers, seed }, { keepsProcess: false, states });
  const server = keyedServer({ apiKey: sandbox.apiKey, apiBase: sandbox.url }, parts);
  return { ...server, mode: () => "sandbox", close: () => sandbox.close() };
}

function keyedServer({ apiKey, apiBase }: KeyedAddress, parts: ServerParts): Omit<Server, "close"> {
  parts.log?.hide(apiKey);
  return {
    apiBase,
    mode: () => modeOf(apiKey),
    ...ratesOf(() => ({ apiKey, apiBase }), parts),
    account: () => accountName(limitedAccount({ apiKey, apiBase }), parts.properties.accountId),
    writer: accountName(limitedAccount({ apiKey, apiBase }), parts.properties.accountId),
    client: new Lazy(() => openClient({ apiKey, apiBase }, parts)),
  };
}

function secretServer(
  { secretName, apiBase }: Extract<ConnectionTarget, { kind: "secret" }>,
  parts: ServerParts,
): Server {
  const client = new SecretKeyedClient({
    secretName,
    secrets: secretSource(parts),
    open: (apiKey) => {
      parts.log?.hide(apiKey);
      parts.log?.cache("secret read", { secret: secretName });
      return openClient({ apiKey, apiBase }, parts);
    },
  });
  return {
    apiBase,
    mode: () => modeOf(client.secret ?? ""),
    ...ratesOf(() => ({ apiKey: client.secret ?? "", apiBase }), parts),
    account: () => accountName(limitedAccount({ apiKey: client.secret ?? "", apiBase }), parts.properties.accountId),
    writer: accountName(limitedAccount({ apiKey: withoutVersion(secretName), apiBase }), parts.properties.accountId),
    client: new Lazy(async () => client),
    close: async () => undefined,
  };
}

/** A key that is changed is another version of the secret. */
const withoutVersion = (secretName: string): string => secretName.replace(/\/versions\/[^/]*$/, "");

interface KeyedAddress {
  readonly apiKey: string;
  readonly apiBase: string;
}

function modeOf(apiKey: string): "live" | "test" {
  return isLiveKey(apiKey) ? "live" : "test";
}

function ratesOf(
  address: () => KeyedAddress,
  { properties: { requestsPerSecond } }: ServerParts,
): Pick<Server, "requestsPerSecond" | "endpointRequestsPerSecond"> {
  const limits = () => requestLimits({ ...address(), requestsPerSecond });
  return {
    requestsPerSecond: () => limits()?.all,
    endpointRequestsPerSecond: () => {
      const known = limits();
      return known && Math.min(known.all, known.endpoint);
    },
  };
}

function secretSource({ properties }: ServerParts): SecretSource {
  const { secretEndpoint: endpoint, secretInsecure: insecure, secretKeyFile: keyFile, serviceAccount } = properties;
  return openSecretSource({ endpoint, insecure, keyFile, serviceAccount });
}

async function openClient(address: KeyedAddress, parts: ServerParts): Promise<ConnectionClient> {
  const { proxy } = parts.properties;
  if (proxy === undefined || !isSecretProxy(proxy)) return openRoutedClient(address, proxy, parts);
  const { password: secretName } = proxy;
  return new SecretKeyedClient({
    secretName,
    use: "proxyPassword",
    secrets: secretSource(parts),
    open: (password) => {
      parts.log?.hide(password);
      parts.log?.cache("secret read", { secret: secretName });
      return openRoutedClient(address, { ...proxy, password }, parts);
    },
  });
}

/** True where the password is the name of a secret. */
function isSecretProxy(proxy: ProxyOptions): proxy is ProxyOptions & { readonly password: string } {
  return proxy.password !== undefined && isSecretVersionName(proxy.password);
}

async function openRoutedClient(
  address: KeyedAddress,
  proxy: ProxyOptions | undefined,
  { properties, catalog, log, rateStore, meter }: ServerParts,
): Promise<StripeClient> {
  const { openStripeClient } = await import("../stripe/open-stripe-client.js");
  const { accountId, apiVersion, requestsPerSecond, timeoutMs } = properties;
  return openStripeClient({
    ...address,
    accountId,
    sdkVersion: catalog.sdkVersion,
    apiVersion,
    requestsPerSecond,
    timeoutMs,
    rateStore,
    proxy,
    meter,
    observer: log?.observer,
  });
}
