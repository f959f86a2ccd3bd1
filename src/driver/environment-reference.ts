import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { EnvironmentReference } from "./api.js";
import type { CheckedProperties, GivenProperties, ReferableKey } from "./connection-property-schema.js";
import { connectionPropertySchema, propertyDocumentation, publicName } from "./connection-property-schema.js";

/**
 * The properties with the values that the environment holds for them. What is not used is not read: no key for
 * the sandbox, no password for a proxy that is not enabled.
 */
export function readEnvironment(
  { apiKey, proxyPassword, ...given }: CheckedProperties,
  environment: NodeJS.ProcessEnv,
): GivenProperties {
  const isKeyUsed = given.sandbox === undefined || given.sandbox === false;
  return {
    ...given,
    ...(isKeyUsed ? { apiKey: readValue("apiKey", apiKey, environment) } : {}),
    ...(given.proxyEnabled === true ? { proxyPassword: readValue("proxyPassword", proxyPassword, environment) } : {}),
  };
}

function readValue(
  key: ReferableKey,
  given: string | EnvironmentReference | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (typeof given !== "object") return given;
  const value = environment[given.env];
  if (value === undefined || value.trim() === "") {
    throw new StripeSqlError(`environment variable ${given.env} is not set`, {
      sqlState: SqlState.invalidAuthorization,
      phase: "connect",
      detail: `It is to hold the connection property ${publicName(key)}.`,
    });
  }
  const schema = connectionPropertySchema.shape[key];
  const checked = schema.safeParse(value);
  if (checked.success && typeof checked.data === "string") return checked.data;
  throw new StripeSqlError(
    `invalid value of environment variable ${given.env} for connection property ${publicName(key)}`,
    {
      sqlState: SqlState.invalidParameterValue,
      phase: "connect",
      detail: `It must be ${propertyDocumentation.get(schema)?.rule}.`,
    },
  );
}
