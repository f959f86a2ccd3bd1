import { redact } from "../error/redact.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { PlannerRule } from "../plan/planner-rule.js";
import { defaultApiBase } from "../stripe/default-api-base.js";
import { isLiveKey } from "../stripe/is-live-key.js";
import { isLoopback } from "../stripe/is-loopback.js";
import type { ProxyOptions } from "../stripe/proxy/proxy-options.js";
import { isSecretVersionName } from "../stripe/secret/secret-version-name.js";
import { parseConnectionString } from "../syntax/parse-connection-string.js";
import { utc } from "../value/time-zone.js";
import type { ConnectOptions, LogLevel } from "./api.js";
import type { CheckedProperties, GivenProperties, PropertyKey } from "./connection-property-schema.js";
import {
  connectionPropertySchema,
  findPropertyKey,
  propertyDocumentation,
  propertyKeys,
  publicName,
} from "./connection-property-schema.js";
import type { ConnectionTarget } from "./connection-target.js";
import { readEnvironment } from "./environment-reference.js";
import { nearZones } from "./near-zones.js";
import { requireCover, resolveProxy } from "./proxy-properties.js";

/** What a connection was asked to be, complete with defaults. */
export interface ConnectionProperties {
  readonly target: ConnectionTarget;
  readonly accountId: string | undefined;
  readonly apiVersion: string | undefined;
  /** The same as the write mode "read-only". */
  readonly readOnly: boolean;
  /** Undefined where it was not given: see `permitWrite`. */
  readonly writeMode: "read-only" | "confirm" | "allow" | undefined;
  readonly maxWrites: number | undefined;
  readonly auditLog: string | undefined;
  readonly allowUnfilteredWrites: boolean;
  readonly journal: boolean;
  readonly search: "off" | "auto" | "always";
  readonly maxRequests: number | undefined;
  readonly testClocks: boolean;
  readonly requestsPerSecond: number | undefined;
  /** Undefined where it was not given. */
  readonly parallelRequests: number | undefined;
  readonly timeoutMs: number;
  readonly cachePath: string | undefined;
  /** How old kept rows may be that a statement takes; 0: none are kept. */
  readonly cacheTtlMs: number;
  /** How much may be kept. */
  readonly cacheBytes: number;
  /** Undefined where it was not given. */
  readonly verbosity: number | undefined;
  readonly logFile: string | undefined;
  /** Undefined where it was not given. */
  readonly logLevel: LogLevel | undefined;
  readonly secretEndpoint: string | undefined;
  readonly secretInsecure: boolean;
  readonly serviceAccount: string | undefined;
  readonly secretKeyFile: string | undefined;
  /** Undefined where none is to be used. Its password may still be the name of a secret. */
  readonly proxy: ProxyOptions | undefined;
  readonly rateStore: string | undefined;
  readonly allowOtherAccounts: boolean;
  readonly fileAccess: boolean;
  /** "512MB"; undefined for the engine's own. */
  readonly memoryLimit: string | undefined;
  readonly timeZone: string;
  readonly pushdown: boolean;
  readonly directWay: boolean;
  readonly withoutRules: ReadonlySet<PlannerRule>;
}

/** What differs with who passes statements on. */
export type PropertyDefaults = Pick<ConnectionProperties, "allowOtherAccounts" | "fileAccess" | "memoryLimit">;

/** Key of the embedded sandbox and, where none is set, of any server on this machine. */
export const sandboxKey = "sk_test_sandbox";

/**
 * The properties of a connection string, an options object, or nothing. Names are found case-insensitively.
 * Fails with SQLSTATE 22023 for a name or value that is wrong, 28000 where a key is missing; no error shows a value.
 * STRIPE_API_KEY counts where no ApiKey is given, but is not sent to a server on this machine.
 */
export function resolveProperties(
  input: string | ConnectOptions | undefined,
  environment: NodeJS.ProcessEnv,
  defaults: PropertyDefaults = { allowOtherAccounts: true, fileAccess: true, memoryLimit: undefined },
): ConnectionProperties {
  const given = readEnvironment(checkProperties(input), environment);
  const target = resolveTarget(given, environment["STRIPE_API_KEY"]?.trim() || undefined);
  const proxy = resolveProxy(given);
  requireCover(target, proxy);
  return {
    target,
    accountId: given.accountId,
    apiVersion: given.apiVersion,
    ...writingOf(given),
    maxWrites: given.maxWrites,
    auditLog: given.auditLog,
    allowUnfilteredWrites: given.allowUnfilteredWrites ?? false,
    journal: given.journal ?? true,
    search: given.search ?? "auto",
    maxRequests: given.maxRequests,
    testClocks: given.testClocks ?? true,
    requestsPerSecond: given.requestsPerSecond,
    parallelRequests: given.parallelRequests,
    timeoutMs: Math.round((given.timeout ?? 80) * 1000),
    cachePath: given.cachePath,
    ...keepingOf(given),
    verbosity: given.verbosity,
    logFile: given.logFile,
    logLevel: given.logLevel,
    secretEndpoint: given.secretEndpoint,
    secretInsecure: requireEndpoint(given),
    serviceAccount: given.serviceAccount,
    secretKeyFile: given.secretKeyFile,
    proxy,
    rateStore: given.rateStore,
    allowOtherAccounts: given.allowOtherAccounts ?? (defaults.allowOtherAccounts || given.accountId === undefined),
    fileAccess: given.fileAccess ?? defaults.fileAccess,
    memoryLimit: given.memoryLimit ?? defaults.memoryLimit,
    timeZone: given.timeZone ?? utc.name,
    pushdown: given.pushdown ?? true,
    directWay: given.directWay ?? true,
    withoutRules: new Set(given.withoutRules ?? []),
  };
}

/** Those that were given, in the types of a program. Fails as `resolveProperties` does. */
export function checkProperties(input: string | ConnectOptions | undefined): CheckedProperties {
  return checkValues(namedValues(input));
}

interface NamedValue {
  readonly name: string;
  readonly value: unknown;
  /** In the connection string. */
  readonly position?: number;
}

type CheckedValue = NamedValue & { readonly key: PropertyKey };

function namedValues(input: string | ConnectOptions | undefined): readonly NamedValue[] {
  if (typeof input === "string") return parseConnectionString(input);
  if (input !== undefined && !isObject(input)) throw noProperties();
  return Object.entries(input ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** A program may hand in anything. */
function isObject(input: unknown): boolean {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

function noProperties(): StripeSqlError {
  return new StripeSqlError("a connection is told by a text or an object of its properties", {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    hint: 'Give "ApiKey=…", a connection file\'s path, { apiKey: "…" }, or nothing for the sandbox.',
  });
}

function checkValues(values: readonly NamedValue[]): CheckedProperties {
  const checked = values.map((value) => ({ ...value, key: findKey(value) }));
  requireOnce(checked);
  const result = connectionPropertySchema.safeParse(Object.fromEntries(checked.map(({ key, value }) => [key, value])));
  if (result.success) return result.data;
  const wrong = checked.find(({ key }) => result.error.issues.some((issue) => issue.path[0] === key));
  throw wrong === undefined ? result.error : wrongValue(wrong);
}

function findKey(value: NamedValue): PropertyKey {
  const found = findPropertyKey(value.name);
  if (found !== undefined) return found;
  const names = propertyKeys.map(publicName);
  throw refusal(`unrecognized connection property "${value.name}"`, {
    position: value.position,
    hint: didYouMean(value.name, names) ?? `The properties are ${names.join(", ")}.`,
  });
}

function requireOnce(values: readonly CheckedValue[]): void {
  const repeated = values.find(({ key }, index) => values.findIndex((other) => other.key === key) < index);
  if (repeated === undefined) return;
  throw refusal(`connection property ${publicName(repeated.key)} is given twice`, { position: repeated.position });
}

function wrongValue({ key, position, value }: CheckedValue): StripeSqlError {
  const rule = propertyDocumentation.get(connectionPropertySchema.shape[key])?.rule;
  return refusal(`invalid value for connection property ${publicName(key)}`, {
    position,
    detail: `It must be ${rule}.`,
    hint: key === "timeZone" && typeof value === "string" ? nearZones(value) : undefined,
  });
}

interface RefusalParts {
  readonly position?: number | undefined;
  readonly detail?: string;
  readonly hint?: string | undefined;
}

function refusal(message: string, parts: RefusalParts): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect", ...parts });
}

function resolveTarget(given: GivenProperties, environmentKey: string | undefined): ConnectionTarget {
  const { sandbox, apiBase } = given;
  if (isWanted(sandbox) && apiBase !== undefined) {
    throw refusal("Sandbox and ApiBase exclude each other", { hint: "The sandbox chooses its own address." });
  }
  const apiKey = given.apiKey ?? (apiBase !== undefined && isLoopback(apiBase) ? sandboxKey : environmentKey);
  const sandboxByDefault = sandbox === undefined && apiKey === undefined && apiBase === undefined;
  if (isWanted(sandbox) || sandboxByDefault) return sandboxTarget(sandbox);
  return serverTarget(apiKey, apiBase ?? defaultApiBase);
}

/** Without TLS nothing is asked of Google's own server. */
function requireEndpoint({ secretEndpoint, secretInsecure = false }: GivenProperties): boolean {
  if (secretInsecure && secretEndpoint === undefined) {
    throw refusal("SecretInsecure needs SecretEndpoint", { hint: "Give the server's host and port." });
  }
  return secretInsecure;
}

function isWanted(sandbox: GivenProperties["sandbox"]): boolean {
  return sandbox !== undefined && sandbox !== false;
}

function sandboxTarget(sandbox: GivenProperties["sandbox"]): ConnectionTarget {
  const size = typeof sandbox === "object" ? sandbox : {};
  return { kind: "sandbox", customers: size.customers, seed: size.seed };
}

function serverTarget(apiKey: string | undefined, apiBase: string): ConnectionTarget {
  if (apiKey === undefined) {
    throw new StripeSqlError("no Stripe key is set", {
      sqlState: SqlState.invalidAuthorization,
      phase: "connect",
      hint: "Set ApiKey or the environment's STRIPE_API_KEY, or Sandbox=true to try things out.",
    });
  }
  const isSecret = isSecretVersionName(apiKey);
  if ((isSecret || isLiveKey(apiKey)) && apiBase.startsWith("http:") && !isLoopback(apiBase)) {
    const key = isSecret ? "a key that is a secret" : "a live key";
    throw refusal(`${key} is not sent over plain http`, { hint: "Give ApiBase with https." });
  }
  return isSecret ? { kind: "secret", secretName: apiKey, apiBase } : { kind: "server", apiKey, apiBase };
}

/** A row of sys_connection_props. */
export interface ConnectionPropertyRow {
  readonly name: string;
  readonly type: string;
  readonly default: string | undefined;
  readonly description: string;
  /** In use; a key is shown by its kind or its secret's name alone. */
  readonly value: string | undefined;
}

export function connectionPropertyTable(properties: ConnectionProperties): readonly ConnectionPropertyRow[] {
  const values = shownValues(properties);
  return propertyKeys.flatMap((key) => {
    const documentation = propertyDocumentation.get(connectionPropertySchema.shape[key]);
    if (documentation === undefined) return [];
    const { type, description } = documentation;
    const value = values[key];
    return { name: publicName(key), type, default: documentation.default, description, value: value?.toString() };
  });
}

function shownValues(
  properties: ConnectionProperties,
): Partial<Readonly<Record<PropertyKey, string | number | boolean | undefined>>> {
  const {
    target,
    timeoutMs,
    cacheTtlMs,
    cacheBytes,
    proxy,
    rateStore,
    withoutRules,
    verbosity = 1,
    ...rest
  } = properties;
  const { cachePath, logFile, secretKeyFile, auditLog } = properties;
  return {
    ...rest,
    // Who may not read files has no use for where they are.
    ...(properties.fileAccess ? {} : shownPaths({ cachePath, logFile, secretKeyFile, auditLog })),
    ...shownProxy(proxy),
    // The URL may hold a password.
    rateStore: rateStore === undefined ? undefined : redact(rateStore),
    verbosity,
    apiKey: shownKey(target),
    apiBase: target.kind === "sandbox" ? undefined : target.apiBase,
    sandbox: target.kind === "sandbox",
    timeout: timeoutMs / 1000,
    cacheTtl: cacheTtlMs / 1000,
    cacheSize: `${cacheBytes / 1_000_000}MB`,
    withoutRules: withoutRules.size === 0 ? undefined : [...withoutRules].join(","),
  };
}

/** The stricter of both holds: what a connection file forbids, no other property allows. */
function writingOf({ readOnly, writeMode }: GivenProperties): Pick<ConnectionProperties, "readOnly" | "writeMode"> {
  const isReadOnly = readOnly === true || writeMode === "read-only";
  return { readOnly: isReadOnly, writeMode: isReadOnly ? "read-only" : writeMode };
}

const defaultCacheSize = "1GB";

function keepingOf({ cacheTtl = 0, cacheSize = defaultCacheSize }: GivenProperties) {
  return { cacheTtlMs: Math.round(cacheTtl * 1000), cacheBytes: bytesOf(cacheSize) };
}

const byteUnits: Readonly<Record<string, number>> = {
  ...{ KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 },
};

/** Of "1GB", as DuckDB reads amounts of memory: GB is 10^9, GiB 2^30. */
function bytesOf(size: string): number {
  const [, amount = "0", unit = "GB"] = /^([\d.]+) ?(\w+)$/.exec(size) ?? [];
  return Math.round(Number(amount) * (byteUnits[unit.toUpperCase()] ?? 1));
}

function shownPaths(paths: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path === undefined ? path : "***"]));
}

function shownProxy(
  proxy: ProxyOptions | undefined,
): Partial<Readonly<Record<PropertyKey, string | number | boolean | undefined>>> {
  if (proxy === undefined) return { proxyEnabled: false };
  const { host, port, authScheme, user, password, sslType } = proxy;
  return {
    proxyEnabled: true,
    proxyHost: host,
    proxyPort: port,
    proxyAuthScheme: authScheme,
    proxyUser: user,
    proxyPassword: password === undefined || isSecretVersionName(password) ? password : "***",
    proxySslType: sslType,
  };
}

/** A secret is shown by its name. */
function shownKey(target: ConnectionTarget): string | undefined {
  switch (target.kind) {
    case "sandbox":
      return undefined;
    case "server":
      return maskedKey(target.apiKey);
    case "secret":
      return target.secretName;
  }
}

/** "sk_test_***" */
function maskedKey(apiKey: string): string {
  const kind = /^[a-z_]*_(test|live)_/.exec(apiKey)?.[0] ?? "";
  return `${kind}***`;
}
