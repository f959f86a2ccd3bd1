import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Catalog, Filter, ListEndpoint, Table } from "../../src/catalog/catalog.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import type { JsonObject } from "../../src/value/json.js";

/** Lists that a disagreement is planted in: of one table, by its SQL name, or of all. */
interface PlantedLists {
  readonly schema?: Table["schema"];
  readonly table?: string;
}

interface PlantedFilters extends PlantedLists {
  /** Default: every filter of a column that the list does not require. */
  readonly parameter?: string;
}

/** One way in which a server answers otherwise than Stripe's documentation says. */
export type Disagreement =
  /** Lists as if the filter were not sent. */
  | ({ readonly kind: "ignores-filter" } & PlantedFilters)
  /** Lists the rows that the filter leaves out; where it leaves out none, all of them. */
  | ({ readonly kind: "inverts-filter" } & PlantedFilters)
  /** Answers 400, as to a parameter that it does not know. */
  | ({ readonly kind: "refuses-filter" } & PlantedFilters)
  /** Answers 400 to one value of a filter, as to a word that no enum has. */
  | { readonly kind: "refuses-value"; readonly parameter: string; readonly value: string }
  | ({ readonly kind: "oldest-first" } & PlantedLists)
  /** Gives another answer than the sandbox's to calls of one method whose path matches. */
  | {
      readonly kind: "rewrites-answer";
      readonly method: string;
      readonly path: RegExp;
      readonly rewrite: (answer: JsonObject, request: ProxiedRequest) => ProxiedAnswer;
    }
  /** Carries out another call than the one that was sent. */
  | {
      readonly kind: "rewrites-request";
      readonly method: string;
      readonly path: RegExp;
      readonly rewrite: (request: ProxiedRequest) => ProxiedRequest;
    };

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface ProxiedAnswer {
  /** Default: the sandbox's. */
  readonly status?: number;
  readonly body: unknown;
}

export interface DisagreeingServer {
  readonly url: string;
  /** "GET /v1/customers email=a@b.c&limit=100", as they came. */
  readonly requests: string[];
  /** Those of them whose page holds other rows than a filter that compares exactly, or newest first, would give. */
  readonly disagreements: string[];
  close(): Promise<void>;
}

/** A server before a sandbox that agrees with it in all but what is planted. */
export async function startDisagreeingServer(
  sandbox: Sandbox,
  catalog: Catalog,
  planted: readonly Disagreement[],
): Promise<DisagreeingServer> {
  const requests: string[] = [];
  const disagreements: string[] = [];
  const proxy = new DisagreeingProxy({ sandbox, lists: listsOf(catalog), planted, disagreements });
  const server = createServer((message, response) => {
    void (async () => {
      const request = await readRequest(message);
      requests.push(
        [request.method, request.path, decodeURIComponent(String(request.query)), request.body]
          .filter((part) => part !== "")
          .join(" "),
      );
      send(response, await proxy.answer(request, message.headers));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, disagreements, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface KnownList {
  readonly table: Table;
  readonly endpoint: ListEndpoint;
  readonly pattern: RegExp;
}

function listsOf(catalog: Catalog): readonly KnownList[] {
  return catalog.tables().flatMap((table) =>
    table.lists.map((endpoint) => ({
      table,
      endpoint,
      pattern: new RegExp(`^${endpoint.path.replace(/\{[^}]+\}/g, "[^/]+")}$`),
    })),
  );
}

/** One parameter of a query. */
type Entry = [name: string, value: string];

type Headers = IncomingMessage["headers"];

interface GivenFilter {
  readonly filter: Filter;
  readonly entries: readonly Entry[];
}

interface ProxyParts {
  readonly sandbox: Sandbox;
  readonly lists: readonly KnownList[];
  readonly planted: readonly Disagreement[];
  readonly disagreements: string[];
}

class DisagreeingProxy {
  readonly #sandbox: Sandbox;
  readonly #lists: readonly KnownList[];
  readonly #planted: readonly Disagreement[];
  readonly #disagreements: string[];
  /** Whole lists by what was asked, as a walk through pages asks for them again. */
  readonly #whole = new Map<string, readonly JsonObject[]>();

  constructor({ sandbox, lists, planted, disagreements }: ProxyParts) {
    this.#sandbox = sandbox;
    this.#lists = lists;
    this.#planted = planted;
    this.#disagreements = disagreements;
  }

  async answer(sent: ProxiedRequest, headers: Headers): Promise<Required<ProxiedAnswer>> {
    const request = this.#planted.reduce(
      (changed, one) => (one.kind === "rewrites-request" && strikes(one, changed) ? one.rewrite(changed) : changed),
      sent,
    );
    if (request.method !== "GET") this.#whole.clear();
    const list = request.method === "GET" ? this.#lists.find(({ pattern }) => pattern.test(request.path)) : undefined;
    const answer = (list && (await this.#list(list, request, headers))) ?? (await this.#pass(request, headers));
    return this.#planted.reduce(
      (changed, one) =>
        one.kind === "rewrites-answer" && strikes(one, request) ? rewritten(one, changed, request) : changed,
      answer,
    );
  }

  /** Undefined where nothing is planted that bears on the list. */
  async #list(
    list: KnownList,
    request: ProxiedRequest,
    headers: Headers,
  ): Promise<Required<ProxiedAnswer> | undefined> {
    const here = this.#planted.filter((one) => isPlantedIn(one, list.table));
    const filters = givenFilters(list.endpoint, request.query);
    const struck = (kind: Disagreement["kind"]) =>
      filters.filter((one) => here.some((other) => hits(other, kind, one)));
    const refusable = struck("refuses-filter").filter((one) => !isPartition(list.endpoint, one));
    const [refused] = [...refusable, ...struck("refuses-value")];
    const sent = `${request.path} ${decodeURIComponent(String(request.query))}`;
    if (refused !== undefined) {
      this.#disagreements.push(sent);
      return refusal(refused);
    }
    const [ignored, inverted] = [struck("ignores-filter"), struck("inverts-filter")];
    const isReversed = here.some(({ kind }) => kind === "oldest-first") && list.endpoint.order !== undefined;
    if (ignored.length + inverted.length === 0 && !isReversed) return undefined;
    const honest = filters.filter((one) => !ignored.includes(one) && !inverted.includes(one));
    const context: ListContext = { list, request, headers };
    const rows = await this.#wholeList(honest, context);
    const left = inverted.length === 0 ? rows : await this.#without(rows, [...honest, ...inverted], context);
    const given = page(isReversed ? [...left].reverse() : left, context);
    const isExact = [...ignored, ...inverted].every(({ filter }) => filter.exact);
    if (isExact && !isSamePage(given, page(await this.#wholeList(filters, context), context)))
      this.#disagreements.push(sent);
    return { status: 200, body: given };
  }

  async #without(
    rows: readonly JsonObject[],
    filters: readonly GivenFilter[],
    context: ListContext,
  ): Promise<readonly JsonObject[]> {
    const matching = new Set((await this.#wholeList(filters, context)).map(({ id }) => id));
    const others = rows.filter(({ id }) => !matching.has(id ?? null));
    return others.length === 0 ? rows : others;
  }

  /** All rows of the table under some filters, as the sandbox gives them. */
  async #wholeList(filters: readonly GivenFilter[], context: ListContext): Promise<readonly JsonObject[]> {
    const { endpoint } = context.list;
    const entries = filters.flatMap((filter) => filter.entries);
    const named = new Set(filters.map(({ filter }) => filter.parameter));
    const isChosen = endpoint.partitions?.some((partition) => Object.keys(partition).some((name) => named.has(name)));
    const partitions = endpoint.partitions === undefined || isChosen === true ? [{}] : endpoint.partitions;
    const base = Object.entries(endpoint.baseParameters).filter(([name]) => !named.has(name));
    const expand = [...context.request.query].filter(([name]) => name.startsWith("expand"));
    const parts = await Promise.all(
      partitions.map((partition) =>
        this.#pages([...base, ...Object.entries(partition), ...entries, ...expand], context),
      ),
    );
    const rows = parts.flat();
    return parts.length < 2 ? rows : rows.sort((a, b) => Number(b["created"]) - Number(a["created"]));
  }

  async #pages(entries: readonly Entry[], context: ListContext): Promise<readonly JsonObject[]> {
    const { path } = context.request;
    const key = `${path}?${new URLSearchParams([...entries])}`;
    const kept = this.#whole.get(key);
    if (kept !== undefined) return kept;
    const rows: JsonObject[] = [];
    for (let next: URLSearchParams | undefined = firstPage(entries, context.list.endpoint); next !== undefined; ) {
      const { body } = await this.#pass({ method: "GET", path, query: next, body: "" }, context.headers);
      const answer = body as ListAnswer;
      rows.push(...(answer.data ?? []));
      next = nextPage(next, answer);
    }
    this.#whole.set(key, rows);
    return rows;
  }

  async #pass({ method, path, query, body }: ProxiedRequest, headers: Headers): Promise<Required<ProxiedAnswer>> {
    const kept = [
      "authorization",
      "content-type",
      "stripe-account",
      "stripe-context",
      "stripe-version",
      "idempotency-key",
    ];
    const answer = await fetch(`${this.#sandbox.url}${path}${query.size === 0 ? "" : `?${query}`}`, {
      method,
      headers: Object.fromEntries(
        kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
      ),
      ...(body === "" ? {} : { body }),
    });
    return { status: answer.status, body: await answer.json() };
  }
}

function rewritten(
  { rewrite }: Extract<Disagreement, { kind: "rewrites-answer" }>,
  answer: Required<ProxiedAnswer>,
  request: ProxiedRequest,
): Required<ProxiedAnswer> {
  const { status = answer.status, body } = rewrite(answer.body as JsonObject, request);
  return { status, body };
}

interface ListContext {
  readonly list: KnownList;
  readonly request: ProxiedRequest;
  readonly headers: Headers;
}

interface ListAnswer {
  readonly data?: readonly JsonObject[];
  readonly has_more?: boolean;
  readonly next_page_url?: string | null;
}

function strikes(one: { readonly method: string; readonly path: RegExp }, request: ProxiedRequest): boolean {
  return one.method === request.method && one.path.test(request.path);
}

function isPlantedIn(one: Disagreement, { schema, name }: Table): boolean {
  switch (one.kind) {
    case "ignores-filter":
    case "inverts-filter":
    case "refuses-filter":
    case "oldest-first":
      return (one.schema ?? schema) === schema && (one.table ?? name) === name;
    case "refuses-value":
      return true;
    case "rewrites-answer":
    case "rewrites-request":
      return false;
  }
}

/** The filters of a request, but for those that say nothing else than what makes the list mean its whole table. */
function givenFilters({ filters, baseParameters }: ListEndpoint, query: URLSearchParams): readonly GivenFilter[] {
  return filters.flatMap((filter) => {
    const entries = [...query].filter(([name]) => name === filter.parameter || name.startsWith(`${filter.parameter}[`));
    const isBase = entries.every(([name, value]) => baseParameters[name] === value);
    return entries.length === 0 || isBase ? [] : [{ filter, entries }];
  });
}

/** What tells a table's lists apart is no filter that need not be sent. */
function isPartition({ partitions = [] }: ListEndpoint, { entries }: GivenFilter): boolean {
  return partitions.some((partition) => entries.every(([name, value]) => partition[name] === value));
}

function hits(one: Disagreement, kind: Disagreement["kind"], { filter, entries }: GivenFilter): boolean {
  if (one.kind !== kind) return false;
  if (one.kind === "refuses-value")
    return one.parameter === filter.parameter && entries.some(([, value]) => value === one.value);
  if (!("parameter" in one) || one.parameter === undefined) return !filter.pseudo && !filter.required;
  return one.parameter === filter.parameter;
}

function refusal({ filter, entries }: GivenFilter): Required<ProxiedAnswer> {
  const [name = filter.parameter, value = ""] = entries[0] ?? [];
  const isKnown = filter.enumValues !== undefined && !filter.enumValues.includes(value);
  const error = isKnown
    ? { message: `Invalid ${name}: must be one of ${filter.enumValues?.join(", ")}`, param: name }
    : { message: `Received unknown parameter: ${name}`, param: name, code: "parameter_unknown" };
  return { status: 400, body: { error: { type: "invalid_request_error", ...error } } };
}

function firstPage(entries: readonly Entry[], { pagination }: ListEndpoint): URLSearchParams {
  const query = new URLSearchParams([...entries]);
  if (pagination !== "none" && pagination !== "singleton") query.set("limit", "100");
  return query;
}

function nextPage(query: URLSearchParams, answer: ListAnswer): URLSearchParams | undefined {
  if (typeof answer.next_page_url === "string") return new URLSearchParams(answer.next_page_url.split("?")[1]);
  const last = answer.has_more === true ? answer.data?.at(-1)?.["id"] : undefined;
  if (typeof last !== "string") return undefined;
  const next = new URLSearchParams(query);
  next.set("starting_after", last);
  return next;
}

/** The page that was asked for, of rows in the server's own order. */
function page(rows: readonly JsonObject[], { list: { endpoint }, request: { path, query } }: ListContext): JsonObject {
  if (endpoint.pagination === "none") return { object: "list", data: rows, has_more: false, url: path };
  const limit = Number(query.get("limit") ?? 10);
  const cursor = query.get("starting_after") ?? query.get("page");
  const start = cursor === null ? 0 : rows.findIndex(({ id }) => id === cursor) + 1;
  const data = rows.slice(start, start + limit);
  const hasMore = start + limit < rows.length;
  if (endpoint.pagination !== "v2") return { object: "list", data, has_more: hasMore, url: path };
  const next = new URLSearchParams(query);
  next.set("page", String(data.at(-1)?.["id"]));
  return { data, next_page_url: hasMore ? `${path}?${next}` : null, previous_page_url: null };
}

function isSamePage(one: JsonObject, other: JsonObject): boolean {
  const ids = ({ data }: JsonObject): string => JSON.stringify((data as readonly JsonObject[]).map(({ id }) => id));
  return ids(one) === ids(other);
}

async function readRequest(message: IncomingMessage): Promise<ProxiedRequest> {
  let body = "";
  for await (const chunk of message) body += String(chunk);
  const { pathname, searchParams } = new URL(message.url ?? "/", "http://localhost");
  return { method: message.method ?? "", path: pathname, query: searchParams, body };
}

function send(response: ServerResponse, { status, body }: Required<ProxiedAnswer>): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_disagreeing" });
  response.end(JSON.stringify(body));
}
