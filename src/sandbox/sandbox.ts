/** A running look-alike of Stripe on loopback. */
export interface Sandbox {
  /** "http://127.0.0.1:12111" */
  readonly url: string;
  readonly port: number;
  /** Key it accepts: "sk_test_sandbox" unless set. */
  readonly apiKey: string;
  readonly requests: RequestLog;
  readonly faults: FaultInjector;
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number | undefined;
  readonly customers?: number | undefined;
  /** As many further charges over the same two years, for benchmarks; default none. */
  readonly charges?: number | undefined;
  readonly seed?: number | undefined;
  /** SQLite file that keeps the state; default memory. */
  readonly file?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly latencyMs?: number | undefined;
  /** Answers 429 beyond this rate; default no limit. */
  readonly requestsPerSecond?: number | undefined;
  /** Its clock, in seconds since 1970; default this machine's, or what STRIPE_SQL_SANDBOX_START says. */
  readonly nowSeconds?: (() => number) | undefined;
  /** Search sees an object only this long after its creation, as at Stripe; default at once. */
  readonly searchLagSeconds?: number | undefined;
  /** The lists of API v2 see an object only this long after its creation, as at Stripe; default at once. */
  readonly listLagSeconds?: number | undefined;
}

export interface LoggedRequest {
  readonly method: string;
  /** "/v1/customers" */
  readonly path: string;
  /** "limit=100&starting_after=cus_1", decoded, in the order sent. */
  readonly query: string;
  readonly body: string;
  readonly status: number;
  readonly idempotencyKey: string | undefined;
  readonly account: string | undefined;
}

export interface RequestLog {
  /** The latest requests (at most 100,000), in the order of their answers. */
  readonly entries: readonly LoggedRequest[];
  /** How many requests there were, forgotten ones included. */
  readonly total: number;
  clear(): void;
}

export interface Fault {
  /** Method, and a path prefix or pattern, of the requests it strikes. Default all. */
  readonly method?: string;
  readonly path?: string | RegExp;
  /** Strikes after this many matching requests have passed; default 0. */
  readonly after?: number;
  /** How often it strikes; default once. */
  readonly times?: number;
  readonly effect:
    | {
        readonly kind: "status";
        readonly status: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The request is carried out, then the connection is cut without a reply. */
    | { readonly kind: "lose-reply" }
    /** The connection is cut before anything is done. */
    | { readonly kind: "disconnect" }
    | { readonly kind: "delay"; readonly milliseconds: number }
    /** Replaces the answer's JSON. */
    | { readonly kind: "rewrite"; readonly rewrite: (answer: unknown) => unknown }
    /** The request is carried out; its answer is of status 200, and this text its body. */
    | { readonly kind: "garble"; readonly body: string }
    /** The request is carried out; half of its answer is sent, then the connection is cut. */
    | { readonly kind: "truncate" }
    /** The request is carried out, and never answered. */
    | { readonly kind: "stall" }
    /**
     * The sandbox's process is killed: before the request is carried out, when its changes are made but not kept yet,
     * when they are kept but nothing is answered, or when half of the answer is sent.
     */
    | { readonly kind: "die"; readonly at: "before" | "during" | "after" | "mid-answer" }
    /** The request is carried out; a byte of its answer is sent every so many milliseconds. */
    | { readonly kind: "trickle"; readonly milliseconds: number };
}

export interface FaultInjector {
  add(fault: Fault): void;
  clear(): void;
}
