import type { StatementWatch } from "../../driver/statement-watch.js";
import { redact } from "../../error/redact.js";
import type { TransactionStatus } from "../../protocol/transaction-status.js";

/** What is known of a client once it is let in. */
export interface ClientFacts {
  readonly processId: number;
  readonly user: string;
  readonly database: string;
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** Undefined where the connection is not encrypted. */
  readonly tls: { readonly version: string; readonly cipher: string } | undefined;
  /** As it is set now. */
  readonly applicationName: () => string;
}

/** What a session waits for, the one that is shown where there are several first. */
const waits = {
  ClientWrite: "Client",
  StripeRateLimit: "Extension",
  StripeRetry: "Extension",
  StripeRequest: "Extension",
  EngineTurn: "Extension",
} as const;

export type WaitEvent = keyof typeof waits;

const eventOfRequest = {
  answer: "StripeRequest",
  "rate limit": "StripeRateLimit",
  retry: "StripeRetry",
} as const satisfies Record<string, WaitEvent>;

const stateOf = {
  idle: "idle",
  "in-transaction": "idle in transaction",
  "failed-transaction": "idle in transaction (aborted)",
} as const satisfies Record<TransactionStatus, string>;

/** What `state` can be. */
export const sessionStates = ["active", ...Object.values(stateOf)] as const;

/** As much of a text as PostgreSQL keeps, in bytes: its track_activity_query_size, less the end. */
const shownBytes = 1023;

/** A row of `pg_stat_activity` and of the views beside it; times are in ISO 8601. */
export type ActivityRow = Readonly<Record<string, string | number | boolean | null>>;

/** What one session does, for whoever asks. */
export class SessionActivity implements StatementWatch {
  readonly #client: ClientFacts;
  readonly #startedAt = new Date();
  #state: (typeof sessionStates)[number] = "idle";
  #stateChangedAt = new Date();
  #transactionAt: Date | undefined;
  #queryAt: Date | undefined;
  #query = "";
  readonly #waits = new Map<WaitEvent, number>();
  /** Of all statements. */
  #allRequests = 0;
  #requests = 0;
  #expected: number | undefined;
  #rowsFetched = 0;
  #rowsSent = 0;

  constructor(client: ClientFacts) {
    this.#client = client;
  }

  get user(): string {
    return this.#client.user;
  }

  /** Sent to Stripe since the session began. */
  get allRequests(): number {
    return this.#allRequests;
  }

  get state(): string {
    return this.#state;
  }

  /** A text of the client's runs from now on, or a message of the extended query that is of it. */
  run(query: string): void {
    const now = new Date();
    if (this.#state !== "active") {
      this.#state = "active";
      this.#stateChangedAt = now;
      this.#requests = 0;
      this.#rowsFetched = 0;
      this.#rowsSent = 0;
      this.#expected = undefined;
    }
    this.#transactionAt ??= now;
    this.#queryAt = now;
    this.#query = query;
  }

  /** The client is waited for. */
  rest(status: TransactionStatus): void {
    this.#state = stateOf[status];
    this.#stateChangedAt = new Date();
    if (status === "idle") this.#transactionAt = undefined;
  }

  /** The session waits; the function is called once it does no more. */
  wait(event: WaitEvent): () => void {
    this.#waits.set(event, (this.#waits.get(event) ?? 0) + 1);
    return () => this.#waits.set(event, (this.#waits.get(event) ?? 0) - 1);
  }

  waitForRequest(what: keyof typeof eventOfRequest): () => void {
    return this.wait(eventOfRequest[what]);
  }

  sent(): void {
    this.#allRequests += 1;
    this.#requests += 1;
  }

  expect(requests: number | undefined): void {
    this.#expected = requests;
  }

  fetched(rows: number): void {
    this.#rowsFetched += rows;
  }

  /** Rows have gone to the client. */
  gave(rows: number): void {
    this.#rowsSent += rows;
  }

  /** As its own user may see it, or as PostgreSQL shows it to any other. */
  row(isOwn: boolean): ActivityRow {
    const { processId, user, database, applicationName } = this.#client;
    const open = { pid: processId, datname: database, usename: user, application_name: applicationName() };
    return isOwn ? { ...open, ...this.#private() } : { ...open, query: "<insufficient privilege>" };
  }

  #private(): ActivityRow {
    const { address, port, tls } = this.#client;
    const isActive = this.#state === "active";
    const event = isActive ? this.#event() : "ClientRead";
    const phase = event === undefined ? "running" : phases[event];
    return {
      client_addr: address?.replace(/^::ffff:/, "") ?? null,
      client_port: port ?? null,
      backend_start: this.#startedAt.toISOString(),
      xact_start: this.#transactionAt?.toISOString() ?? null,
      query_start: this.#queryAt?.toISOString() ?? null,
      state_change: this.#stateChangedAt.toISOString(),
      wait_event_type: event === undefined ? null : event === "ClientRead" ? "Client" : waits[event],
      wait_event: event ?? null,
      state: this.#state,
      query: shown(this.#query),
      backend_type: "client backend",
      ssl: tls !== undefined,
      version: tls?.version ?? null,
      cipher: tls?.cipher ?? null,
      ...(isActive && this.#requests > 0
        ? {
            phase,
            requests_expected: this.#expected ?? null,
            requests_sent: this.#requests,
            rows_fetched: this.#rowsFetched,
            rows_sent: this.#rowsSent,
          }
        : {}),
    };
  }

  #event(): WaitEvent | undefined {
    return (Object.keys(waits) as WaitEvent[]).find((event) => (this.#waits.get(event) ?? 0) > 0);
  }
}

const phases: Readonly<Record<WaitEvent | "ClientRead", string>> = {
  ClientRead: "idle",
  ClientWrite: "sending rows",
  StripeRequest: "fetching",
  StripeRateLimit: "waiting for the rate limit",
  StripeRetry: "waiting to retry",
  EngineTurn: "waiting for the local PostgreSQL",
};

/** A text without secrets, cut within no character. */
function shown(text: string): string {
  const bytes = Buffer.from(redact(text.slice(0, 4 * shownBytes)), "utf8");
  if (bytes.length <= shownBytes) return bytes.toString("utf8");
  let end = shownBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
