import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { isLiveKey } from "../stripe/is-live-key.js";
import { isLoopback } from "../stripe/is-loopback.js";
import type { ProxyOptions } from "../stripe/proxy/proxy-options.js";
import { isPlainToProxy } from "../stripe/proxy/proxy-options.js";
import type { GivenProperties } from "./connection-property-schema.js";
import type { ConnectionTarget } from "./connection-target.js";

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
  if (proxyAuthScheme === "BASIC" && proxyUser?.includes(":") === true) {
    throw refusal("ProxyUser cannot hold a colon with ProxyAuthScheme BASIC", "BASIC ends the user's name at a colon.");
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

/** A live key, and one that is not known yet, crosses no network in plain text, on the way to a proxy neither. */
export function requireCover(target: ConnectionTarget, proxy: ProxyOptions | undefined): void {
  if (proxy === undefined || target.kind === "sandbox" || isLoopback(`http://${proxy.host}`)) return;
  if (target.kind === "server" && !isLiveKey(target.apiKey)) return;
  const protocol = target.apiBase.startsWith("http:") ? "http" : "https";
  if (!isPlainToProxy(proxy, protocol)) return;
  const key = target.kind === "secret" ? "a key that is a secret" : "a live key";
  const fitting = protocol === "https" ? "AUTO" : "ALWAYS";
  throw refusal(`${key} is not sent to a proxy in plain text`, `Set ProxySslType to ${fitting}.`);
}

function refusal(message: string, hint: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect", hint });
}
