import { isIP, isIPv6 } from "node:net";

/** A forward proxy between here and Stripe. */
export interface ProxyOptions {
  /** Name or address, without scheme; an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
  readonly authScheme: "NONE" | "BASIC" | "DIGEST";
  readonly user: string | undefined;
  readonly password: string | undefined;
  /**
   * AUTO: a server of https is tunnelled to (CONNECT), one of http is forwarded to, both over a plain connection to
   * the proxy. ALWAYS: the same over TLS to the proxy. NEVER: forwarded, without TLS and without a tunnel.
   * TUNNEL: always tunnelled, over a plain connection to the proxy.
   */
  readonly sslType: "AUTO" | "ALWAYS" | "NEVER" | "TUNNEL";
}

/** "proxy.example:3128" */
export function proxyAddress({ host, port }: ProxyOptions): string {
  return `${host}:${port}`;
}

/** What is spoken with the proxy itself. */
export function proxyProtocol({ sslType }: ProxyOptions): "http" | "https" {
  return sslType === "ALWAYS" ? "https" : "http";
}

/** True where requests to a server of this protocol go through a tunnel, false where the proxy forwards each. */
export function isTunnelled({ sslType }: ProxyOptions, protocol: "http" | "https"): boolean {
  return sslType === "TUNNEL" || (sslType !== "NEVER" && protocol === "https");
}

/** True where a server's requests can be read on the way to the proxy. */
export function isPlainToProxy(proxy: ProxyOptions, protocol: "http" | "https"): boolean {
  const isCovered = protocol === "https" && isTunnelled(proxy, protocol);
  return proxyProtocol(proxy) === "http" && !isCovered;
}

/** A host as a socket takes it: an IPv6 address stands in brackets in a URL, but not there. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

/** The name that TLS with the proxy asks for and checks; empty for an address, which is checked as one. */
export function serverNameOf({ host }: ProxyOptions): string {
  return isIP(bareHost(host)) === 0 ? host : "";
}

/** "api.stripe.com:443"; a port is always there. */
export function authorityOf(host: string, port: string | number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
