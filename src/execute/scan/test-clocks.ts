import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { listPages } from "../../stripe/pager.js";
import type { RequestScope } from "../../stripe/request-scope.js";
import type { RequestSender } from "../../stripe/stripe-client.js";

/** Ids of an account's test clocks; "refused" where it could not be asked for them. */
export type KnownClocks = readonly string[] | "refused";

export interface ClocksQuestion {
  /** The list of clocks. */
  readonly path: string;
  /** Connect account; undefined: the connection's own. */
  readonly accountId: string | undefined;
}

/** Where the question is sent on behalf of a statement. */
export interface Asker {
  readonly client: RequestSender;
  readonly scope: RequestScope;
}

export interface TestClocksOptions {
  /** False where there are none to read: on a live key, or where the connection leaves them out. Asked each time. */
  readonly areRead: () => boolean;
  /** True where the account is this connection's own, and new: it has none but those made by this connection. */
  readonly startsEmpty: boolean;
  readonly nowMs?: () => number;
}

/** Programs elsewhere make clocks too: what is known of them is asked anew after this time. */
const keptMs = 5 * 60_000;

const changesClocks = /\/test_clocks(\/|$)/;

/**
 * Which test clocks there are: asked by the first scan that they bear on, and remembered for all statements of a
 * connection for five minutes, or until one of them changes a clock.
 */
export class TestClocks {
  readonly #options: TestClocksOptions;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readonly clocks: KnownClocks; readonly askedMs: number }>();
  readonly #asking = new Map<string, Promise<KnownClocks>>();
  #startsEmpty: boolean;

  constructor(options: TestClocksOptions) {
    this.#options = options;
    this.#startsEmpty = options.startsEmpty;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Undefined where the account has to be asked. */
  known(accountId: string | undefined): KnownClocks | undefined {
    if (!this.#options.areRead() || (this.#startsEmpty && accountId === undefined)) return [];
    const known = this.#known.get(accountId ?? "");
    return known !== undefined && this.#nowMs() - known.askedMs < keptMs ? known.clocks : undefined;
  }

  async of(question: ClocksQuestion, asker: Asker): Promise<KnownClocks> {
    const known = this.known(question.accountId);
    if (known !== undefined) return known;
    const key = question.accountId ?? "";
    const asking = this.#asking.get(key);
    if (asking === undefined) return this.#ask(key, question, asker);
    // Another statement's failure to ask, such as its cancellation, is none of this one's.
    return (await asking.catch(() => undefined)) ?? this.#ask(key, question, asker);
  }

  /** To be told of each request that may write. */
  written(path: string): void {
    if (!changesClocks.test(path)) return;
    this.#known.clear();
    this.#startsEmpty = false;
  }

  async #ask(key: string, question: ClocksQuestion, asker: Asker): Promise<KnownClocks> {
    const asking = clocksOf(question, asker);
    this.#asking.set(key, asking);
    try {
      const clocks = await asking;
      this.#known.set(key, { clocks, askedMs: this.#nowMs() });
      return clocks;
    } finally {
      this.#asking.delete(key);
    }
  }
}

async function clocksOf({ path, accountId }: ClocksQuestion, { client, scope }: Asker): Promise<KnownClocks> {
  const call = {
    path,
    endpointPath: path,
    parameters: {},
    accountId,
    budget: "read",
    pagination: "cursor",
    pageSize: 100,
  } as const;
  const ids: string[] = [];
  try {
    for await (const { rows } of listPages(client, call, scope))
      for (const { id } of rows) if (typeof id === "string") ids.push(id);
    return ids;
  } catch (error) {
    if (isRefusal(error)) return "refused";
    throw error;
  }
}

/** The key may lack the permission, and the statement the room for one more request. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof StripeSqlError)) return false;
  const { status } = error.stripe;
  return status === 400 || status === 403 || status === 404 || error.sqlState === SqlState.configurationLimitExceeded;
}
