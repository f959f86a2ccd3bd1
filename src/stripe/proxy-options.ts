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
