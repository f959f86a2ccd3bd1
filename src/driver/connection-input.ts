import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ConnectOptions } from "./api.js";
import type { ConnectionDefinition } from "./connection-file/connection-definition.js";
import { parseConnectionFileName } from "./connection-file/connection-file-name.js";
import { checkProperties } from "./connection-properties.js";
import type { CheckedProperties, PropertyKey } from "./connection-property-schema.js";

/** What `connect` takes, with the options of a connection file in its place. */
export async function readInput(
  input: string | ConnectOptions | undefined,
): Promise<string | ConnectOptions | undefined> {
  if (typeof input !== "string" || parseConnectionFileName(input) === undefined) return input;
  const { readOneConnection } = await import("./connection-file/read-connection-file.js");
  return activeOptions(await readOneConnection(input));
}

/** What `connect` takes of a definition; 08006 where it is not to be used for now. */
export function activeOptions({ name, suspended, options }: ConnectionDefinition): ConnectOptions {
  if (!suspended) return options;
  throw new StripeSqlError(`connection ${name} is suspended`, {
    sqlState: SqlState.connectionFailure,
    phase: "connect",
    hint: "Its definition says so: suspended.",
  });
}

/** The properties of both; where they differ, those of `overrides`. */
export function withOverrides(
  input: string | ConnectOptions | undefined,
  overrides: string | ConnectOptions,
): ConnectOptions {
  const over = checkProperties(overrides);
  const left = Object.entries(checkProperties(input)).filter(([key]) => !displacedBy(over).includes(key));
  return Object.fromEntries([...left, ...Object.entries(over)]);
}

/** What says where statements go and how is replaced as a whole: nothing of it is for the sandbox, or the other way round. */
function displacedBy({ sandbox, apiKey, apiBase }: CheckedProperties): readonly string[] {
  if (sandbox !== undefined && sandbox !== false) return waysToStripe;
  return apiKey === undefined && apiBase === undefined ? [] : ["sandbox"];
}

const waysToStripe: readonly PropertyKey[] = [
  "apiKey",
  "apiBase",
  "accountId",
  "proxyEnabled",
  "proxyHost",
  "proxyPort",
  "proxyAuthScheme",
  "proxyUser",
  "proxyPassword",
  "proxySslType",
];
