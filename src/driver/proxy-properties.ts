import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ProxyOptions } from "../stripe/proxy-options.js";
import type { GivenProperties } from "./connection-property-schema.js";

/** The proxy that the properties ask for; undefined for none. Its password may still be the name of a secret. */
export function resolveProxy(given: GivenProperties): ProxyOptions | undefined {
  if (given.proxyEnabled !== true) return undefined;
  const { proxyHost, proxyPort, proxyAuthScheme = "NONE", proxyUser, proxyPassword, proxySslType = "AUTO" } = given;
  if (proxyHost === undefined || proxyPort === undefined) {
    throw refusal("ProxyEnabled needs ProxyHost and ProxyPort", "Give the proxy's host and port.");
  }
  if (proxyAuthScheme !== "NONE" && (proxyUser === undefined || proxyPassword === undefined)) {
    throw refusal(`ProxyAuthScheme ${proxyAuthScheme} needs ProxyUser and ProxyPassword`, "Give both, or NONE.");
  }
  return {
    host: proxyHost,
    port: proxyPort,
    authScheme: proxyAuthScheme,
    user: proxyUser,
    password: proxyPassword,
    sslType: proxySslType,
  };
}

function refusal(message: string, hint: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect", hint });
}
