import type { Json, JsonObject } from "../value/json.js";
import type { ListCall } from "./list-call.js";
import { malformedPage } from "./malformed-page.js";
import type { ListPage, NextPage } from "./read-page.js";
import { readPage } from "./read-page.js";
import type { RequestScope } from "./request-scope.js";
import type { RequestSender } from "./stripe-client.js";

export interface Page {
  readonly rows: readonly JsonObject[];
}

/**
 * The pages of a list in Stripe's order, up to `call.limit` rows: 250 rows are asked for as 100, 100 and 50.
 * It gives all of them or fails: with SQLSTATE 58030 where a page leaves open what follows it. Ending the
 * iteration gives up a page that is on its way.
 *
 * @param past Cursors of pages that were given already: one that comes again is an endless list.
 */
export async function* listPages(
  client: RequestSender,
  call: ListCall,
  scope: RequestScope,
  past: Iterable<string> = [],
): AsyncGenerator<Page> {
  const walk = new ListWalk(client, call, scope, past);
  try {
    for (let page = await walk.first(); page !== undefined; page = await walk.next()) yield page;
  } finally {
    walk.stop();
  }
}

/** Which page of a list is asked for. */
interface PagePlace {
  /** Those of the list, with a cursor after its first page. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly rows: number;
  /** Gives up this page alone. */
  readonly signal?: AbortSignal;
}

/** One page of a list, read strictly: SQLSTATE 58030 where it leaves open what follows it. */
export async function fetchPage(
  client: RequestSender,
  call: ListCall,
  { parameters, rows, signal }: PagePlace,
  scope: RequestScope,
): Promise<ListPage> {
  const { path, endpointPath, accountId, apiBase, budget, pagination, fields } = call;
  // The URL of a v2 page after the first names its own limit; an endpoint without paging takes none.
  const limit = pagination === "none" || "limit" in parameters ? {} : { limit: rows };
  const request = { method: "GET", path, endpointPath, accountId, apiBase, budget, fields: () => fields } as const;
  const answer = await client.request({ ...request, parameters: { ...parameters, ...limit }, signal }, scope);
  return readPage(call, answer);
}

/** Where a walk through a list has got to. */
class ListWalk {
  readonly #client: RequestSender;
  readonly #call: ListCall;
  readonly #scope: RequestScope;
  readonly #stopping = new AbortController();
  readonly #seenCursors: Set<string>;
  #remaining: number;
  #next: NextPage | undefined;
  #ahead: Promise<ListPage> | undefined;

  constructor(client: RequestSender, call: ListCall, scope: RequestScope, past: Iterable<string>) {
    this.#client = client;
    this.#call = call;
    this.#scope = scope;
    this.#seenCursors = new Set(past);
    this.#remaining = call.limit ?? Number.POSITIVE_INFINITY;
    const { starting_after: start } = call.parameters;
    if (typeof start === "string") this.#seenCursors.add(start);
  }

  async first(): Promise<Page | undefined> {
    return this.#remaining > 0 ? this.#take(await this.#fetch(this.#call.parameters)) : undefined;
  }

  async next(): Promise<Page | undefined> {
    if (this.#next === undefined) return undefined;
    const page = this.#take(await (this.#ahead ?? this.#fetch(this.#next.parameters)));
    this.#ahead = this.#call.readAll && this.#next !== undefined ? this.#fetchAhead(this.#next) : undefined;
    return page;
  }

  stop(): void {
    this.#stopping.abort();
  }

  #fetch(parameters: Readonly<Record<string, Json>>): Promise<ListPage> {
    const rows = Math.min(this.#remaining, this.#call.pageSize);
    const at = { parameters, rows, signal: this.#stopping.signal };
    return fetchPage(this.#client, this.#call, at, this.#scope);
  }

  /** Its failure is met by whoever waits for it; if nobody does, it is nobody's. */
  #fetchAhead(next: NextPage): Promise<ListPage> {
    const ahead = this.#fetch(next.parameters);
    ahead.catch(() => undefined);
    return ahead;
  }

  #take({ rows, next }: ListPage): Page {
    const taken = rows.length > this.#remaining ? rows.slice(0, this.#remaining) : rows;
    this.#remaining -= taken.length;
    // Of a page that comes again the cursor tells, even where its rows would fill the limit.
    if (next !== undefined) this.#requireNewCursor(next.cursor);
    this.#next = this.#remaining > 0 ? next : undefined;
    return { rows: taken };
  }

  #requireNewCursor(cursor: string): void {
    if (this.#seenCursors.has(cursor)) throw malformedPage(this.#call, "The same cursor came twice.");
    this.#seenCursors.add(cursor);
  }
}
