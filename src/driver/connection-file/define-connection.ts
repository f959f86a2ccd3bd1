import { dirname, resolve } from "node:path";
import type { ConnectOptions, EnvironmentReference } from "../api.js";
import { findPropertyKey } from "../connection-property-schema.js";
import type { ConnectionDefinition } from "./connection-definition.js";
import type { ConnectionForm } from "./connection-form.js";

/** What a form without mistakes says. Paths in it start at `file`'s folder; without a file they stay as they are. */
export function defineConnection(form: ConnectionForm, file: string | undefined): ConnectionDefinition {
  const version = form.connector_version;
  return onlyGiven({
    name: form.name,
    description: form.description,
    project: form.project,
    location: form.location,
    connectorVersion: version === undefined ? undefined : Number(/\d+$/.exec(String(version))?.[0]),
    serviceAccount: form.service_account,
    labels: form.labels ?? {},
    nodes: {
      minimum: form.node_config?.min_node_count ?? 2,
      maximum: form.node_config?.max_node_count ?? 50,
    },
    transactionsPerSecondPerNode: form.throttle?.transactions_per_second_per_node ?? 6,
    suspended: form.suspended ?? false,
    options: optionsOf(form, (path) => (file === undefined ? path : resolve(dirname(file), path))),
  });
}

function optionsOf(form: ConnectionForm, located: (path: string) => string): ConnectOptions {
  const { proxy, secret_manager: secrets } = form;
  return onlyGiven({
    apiKey: secretOf(form.auth_config?.api_key),
    accountId: form.account_id,
    apiBase: form.api_base,
    sandbox: form.sandbox === undefined ? undefined : sandboxOf(form.sandbox),
    serviceAccount: form.service_account,
    secretEndpoint: secrets?.endpoint,
    secretInsecure: secrets?.insecure,
    secretKeyFile: secrets?.key_file === undefined ? undefined : located(secrets.key_file),
    proxyEnabled: proxy?.enabled,
    proxyHost: proxy?.host,
    proxyPort: proxy?.port,
    proxyAuthScheme: proxy?.auth_scheme,
    proxyUser: proxy?.user,
    proxyPassword: secretOf(proxy?.password),
    proxySslType: proxy?.ssltype,
    ...logOptions(form, located),
    // Those that have no place of their own.
    ...furtherOptions(form.properties, located),
  });
}

function logOptions({ verbosity, log_config: log }: ConnectionForm, located: (path: string) => string): ConnectOptions {
  if (log === undefined) return { verbosity };
  if (!log.enabled) return {};
  return {
    verbosity: verbosity ?? 1,
    logLevel: log.level,
    logFile: log.file === undefined ? undefined : located(log.file),
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
  return onlyGiven({ customers: sandbox.customers, seed: sandbox.seed });
}

/** A definition is plain JSON, which knows no undefined. */
function onlyGiven<Fields extends object>(fields: Fields): Fields {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  // What may be undefined may be left out: all such fields are optional.
  return Object.fromEntries(given) as Fields;
}
