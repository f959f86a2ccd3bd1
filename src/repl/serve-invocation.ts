/** `stripe-sql serve`: over HTTP, over PostgreSQL's protocol, or both. */
export interface ServeInvocation {
  readonly kind: "serve";
  readonly host: string;
  /** Connection files; where there are none, the environment's key or else the sandbox is served. */
  readonly files: readonly string[];
  readonly http: HttpInvocation | undefined;
  readonly postgres: PostgresInvocation | undefined;
}

export interface HttpInvocation {
  readonly port: number;
  readonly tokenFile: string | undefined;
}

export interface PostgresInvocation {
  readonly port: number;
  /** File of those who may connect. */
  readonly users: string | undefined;
  readonly trustsLoopback: boolean;
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly maxConnections: number | undefined;
  readonly engineTimeoutMs: number | undefined;
  /** Where this machine's programs read metrics; undefined for nowhere but HTTP's own place. */
  readonly metricsPort: number | undefined;
}
