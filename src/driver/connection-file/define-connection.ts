import { dirname, resolve } from "node:path";
import type { ConnectOptions, EnvironmentReference } from "../api.js";
import { findPropertyKey } from "../connection-property-schema.js";
import type { ConnectionDefinition } from "./connection-definition.js";
import type { ConnectionForm } from "./connection-form.js";

/** What a form without mistakes says. Paths in it start at `file`'s folder; without a file they stay as they are. */
export function defineConnection(form: ConnectionForm, file: string | undefined): ConnectionDefinition {
  const version = form.connector_version;
  return {
    name: form.name,
    ...given("description", form.description),
    ...given("project", form.project),
    ...given("location", form.location),
    ...given("connectorVersion", version === undefined ? undefined : Number(/\d+$/.exec(String(version))?.[0])),
    ...given("serviceAccount", form.service_account),
    labels: form.labels ?? {},
    nodes: {
      minimum: form.node_config?.min_node_count ?? 2,
      maximum: form.node_config?.max_node_count ?? 50,
    },
    transactionsPerSecondPerNode: form.throttle?.transactions_per_second_per_node ?? 6,
    suspended: form.suspended ?? false,
    options: optionsOf(form, (path) => (file === undefined ? path : resolve(dirname(file), path))),
  };
}

function optionsOf(form: ConnectionForm, located: (path: string) => string): ConnectOptions {
  const { proxy, secret_manager: secrets } = form;
  return {
    ...furtherOptions(form.properties, located),
    ...given("apiKey", secretOf(form.auth_config?.api_key)),
    ...given("accountId", form.account_id),
    ...given("apiBase", form.api_base),
    ...given("sandbox", form.sandbox === undefined ? undefined : sandboxOf(form.sandbox)),
    ...given("serviceAccount", form.service_account),
    ...given("secretEndpoint", secrets?.endpoint),
    ...given("secretInsecure", secrets?.insecure),
    ...given("secretKeyFile", secrets?.key_file === undefined ? undefined : located(secrets.key_file)),
    ...given("proxyEnabled", proxy?.enabled),
    ...given("proxyHost", proxy?.host),
    ...given("proxyPort", proxy?.port),
    ...given("proxyAuthScheme", proxy?.auth_scheme),
    ...given("proxyUser", proxy?.user),
    ...given("proxyPassword", secretOf(proxy?.password)),
    ...given("proxySslType", proxy?.ssltype),
    ...logOptions(form, located),
  };
}

function logOptions({ verbosity, log_config: log }: ConnectionForm, located: (path: string) => string): ConnectOptions {
  if (log === undefined) return given("verbosity", verbosity);
  if (!log.enabled) return {};
  return {
    verbosity: verbosity ?? 1,
    ...given("logLevel", log.level),
    ...given("logFile", log.file === undefined ? undefined : located(log.file)),
  };
}

/** As a program names them: `maxRequests` of "MaxRequests". Their values were checked with the form. */
function furtherOptions(properties: ConnectionForm["properties"], located: (path: string) => string): ConnectOptions {
  const entries = Object.entries(properties ?? {}).map(([name, value]) => {
    const key = findPropertyKey(name) ?? name;
    return [key, key === "cachePath" ? located(String(value)) : value];
  });
  return Object.fromEntries(entries);
}

function secretOf(
  secret: { readonly secret_version?: string | undefined; readonly env?: string | undefined } | undefined,
): string | EnvironmentReference | undefined {
  if (secret?.secret_version !== undefined) return secret.secret_version;
  return secret?.env === undefined ? undefined : { env: secret.env };
}

function sandboxOf(sandbox: NonNullable<ConnectionForm["sandbox"]>): NonNullable<ConnectOptions["sandbox"]> {
  if (typeof sandbox === "boolean") return sandbox;
  return { ...given("customers", sandbox.customers), ...given("seed", sandbox.seed) };
}

/** `{ [key]: value }`, or nothing where there is no value. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
