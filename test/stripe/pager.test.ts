import { expect, test } from "vitest";
import type { ListCall } from "../../src/stripe/list-call.js";
import { listPages } from "../../src/stripe/pager.js";
import type { RequestScope, StripeClient } from "../../src/stripe/stripe-client.js";
import { errorOf, freshScope, json, openScriptedClient, refusal } from "../support/scripted-client.js";
import type { Answer, RecordedRequest } from "../support/scripted-server.js";

const customers: ListCall = {
  path: "/v1/customers",
  parameters: {},
  accountId: undefined,
  budget: "read",
  pagination: "cursor",
  pageSize: 100,
};
const search: ListCall = {
  ...customers,
  path: "/v1/customers/search",
  parameters: { query: "x" },
  pagination: "page",
  budget: "search",
};
const destinations: ListCall = { ...customers, path: "/v2/core/event_destinations", pagination: "v2" };

function row(index: number): { readonly id: string } {
  return { id: `cus_${index}` };
}

function rows(from: number, count: number): readonly { readonly id: string }[] {
  return Array.from({ length: count }, (_, index) => row(from + index));
}

function list(data: unknown, hasMore: unknown): Answer {
  return json({ object: "list", url: "/v1/customers", data, has_more: hasMore });
}

/** A server with so many customers, paged by cursor as Stripe does. */
function customerServer(count: number): (request: RecordedRequest) => Answer {
  return ({ query }) => {
    const parameters = new URLSearchParams(query);
    const after = parameters.get("starting_after");
    const start = after === null ? 0 : Number(after.slice(4)) + 1;
    const size = Math.min(Number(parameters.get("limit")), count - start);
    return list(rows(start, size), start + size < count);
  };
}

async function readAll(
  client: StripeClient,
  call: ListCall,
  scope: RequestScope = freshScope(),
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const page of listPages(client, call, scope)) found.push(...page.rows);
  return found;
}

function queries(server: { readonly requests: readonly RecordedRequest[] }): readonly string[] {
  return server.requests.map((request) => request.query);
}

test("250 rows wanted are asked for as 100, 100 and 50", async () => {
  const { client, server } = await openScriptedClient(customerServer(1000));
  const found = await readAll(client, { ...customers, parameters: { email: "a@b.c" }, limit: 250 });
  expect(found).toEqual(rows(0, 250));
  expect(queries(server)).toEqual([
    "email=a@b.c&limit=100",
    "email=a@b.c&starting_after=cus_99&limit=100",
    "email=a@b.c&starting_after=cus_199&limit=50",
  ]);
});

test("a list is read to its end, which costs no extra request", async () => {
  const { client, server } = await openScriptedClient(customerServer(200));
  expect(await readAll(client, customers)).toHaveLength(200);
  expect(server.requests).toHaveLength(2);
});

test("a limit of 0 asks for nothing, and an empty list is no row", async () => {
  const { client, server } = await openScriptedClient([list([], false)]);
  expect(await readAll(client, { ...customers, limit: 0 })).toEqual([]);
  expect(server.requests).toEqual([]);
  expect(await readAll(client, customers)).toEqual([]);
});

test("a limit of exactly a page asks for no second one, though there is more", async () => {
  const { client, server } = await openScriptedClient(customerServer(1000));
  expect(await readAll(client, { ...customers, limit: 100 })).toHaveLength(100);
  expect(server.requests).toHaveLength(1);
});

test("pages shorter than asked for are followed while there is more", async () => {
  const { client } = await openScriptedClient([list([row(1)], true), list([row(2)], true), list([row(3)], false)]);
  expect(await readAll(client, customers)).toEqual(rows(1, 3));
});

test("a server that ignores the limit gives no row too many", async () => {
  const { client, server } = await openScriptedClient([list(rows(0, 10), true)]);
  expect(await readAll(client, { ...customers, limit: 5 })).toEqual(rows(0, 5));
  expect(server.requests).toHaveLength(1);
});

test("the endpoint's own page size is kept, and each page carries the account", async () => {
  const { client, server } = await openScriptedClient(customerServer(25));
  await readAll(client, { ...customers, pageSize: 20, accountId: "acct_1" });
  expect(queries(server)).toEqual(["limit=20", "starting_after=cus_19&limit=20"]);
  expect(server.requests.map((request) => request.headers["stripe-account"])).toEqual(["acct_1", "acct_1"]);
});

test("reading may begin after a row that is at hand", async () => {
  const { client, server } = await openScriptedClient(customerServer(15));
  const found = await readAll(client, { ...customers, parameters: { starting_after: "cus_9" } });
  expect(found).toEqual(rows(10, 5));
  expect(queries(server)).toEqual(["starting_after=cus_9&limit=100"]);
});

test("a search is followed by its page tokens", async () => {
  const found = (data: unknown, more: boolean, next: string | null) =>
    json({ object: "search_result", data, has_more: more, next_page: next });
  const { client, server } = await openScriptedClient([found([row(1)], true, "t1"), found([row(2)], false, null)]);
  expect(await readAll(client, search)).toEqual(rows(1, 2));
  expect(queries(server)).toEqual(["query=x&limit=100", "query=x&page=t1&limit=100"]);
});

test("an API v2 list is followed by its URL, through empty pages too", async () => {
  const page = (data: unknown, next: string | null) => json({ data, next_page_url: next, previous_page_url: null });
  const { client, server } = await openScriptedClient([
    page([row(1)], "/v2/core/event_destinations?limit=2&page=p1&include[0]=a"),
    page([], "/v2/core/event_destinations?limit=2&page=p2"),
    page([row(2)], null),
  ]);
  expect(await readAll(client, destinations)).toEqual(rows(1, 2));
  expect(queries(server)).toEqual(["limit=100", "limit=2&page=p1&include[0]=a", "limit=2&page=p2"]);
});

test("a list without paging is sent no paging parameter", async () => {
  const { client, server } = await openScriptedClient([json({ object: "list", data: rows(0, 3), has_more: false })]);
  expect(await readAll(client, { ...customers, pagination: "none", limit: 2 })).toEqual(rows(0, 2));
  expect(queries(server)).toEqual([""]);
});

const malformed: readonly (readonly [string, ListCall, readonly Answer[], string])[] = [
  ["an object that is no list", customers, [json({ object: "customer", id: "cus_1" })], 'object is "customer"'],
  ["data that is no array", customers, [list({}, false)], "data is no array"],
  ["data that is missing", customers, [list(undefined, false)], "data is no array"],
  ["a row that is no object", customers, [list([row(1), null], false)], "something other than objects"],
  ["has_more that is missing", customers, [list([row(1)], undefined)], "has_more is neither"],
  ["an empty page with has_more", customers, [list([], true)], "the page is empty"],
  ["a last row without id, with has_more", customers, [list([{ name: "x" }], true)], "has no id"],
  ["a cursor that comes again", customers, [list([row(1)], true), list([row(1)], true)], "same cursor came twice"],
  [
    "cursors in a circle",
    customers,
    [list([row(1)], true), list([row(2)], true), list([row(1)], true)],
    "same cursor came twice",
  ],
  [
    "the page before again, where reading began after a row",
    { ...customers, parameters: { starting_after: "cus_1" } },
    [list([row(1)], true)],
    "same cursor came twice",
  ],
  [
    "more rows of a list that cannot be paged",
    { ...customers, pagination: "none" },
    [list([row(1)], true)],
    "cannot be paged",
  ],
  [
    "a search with has_more and no token",
    search,
    [json({ object: "search_result", data: [row(1)], has_more: true, next_page: null })],
    "next_page is missing",
  ],
  [
    "an empty search page with has_more",
    search,
    [json({ object: "search_result", data: [], has_more: true, next_page: "t1" })],
    "the page is empty",
  ],
  ["an API v2 page without next_page_url", destinations, [json({ data: [row(1)] })], "has no next_page_url"],
  ["an API v2 page without data", destinations, [json({ next_page_url: null })], "data is no array"],
  ...[
    "https://elsewhere.example/v2/core/event_destinations?page=p1",
    "//elsewhere.example/v2/core/event_destinations?page=p1",
    "/v2/core/accounts?page=p1",
    "/v2/core/event_destinations",
    5,
  ].map((url): readonly [string, ListCall, readonly Answer[], string] => [
    `a next_page_url of ${url}`,
    destinations,
    [json({ data: [row(1)], next_page_url: url })],
    "leads away from the list",
  ]),
];

for (const [name, call, script, problem] of malformed) {
  test(`${name} is an error, never a shorter result`, async () => {
    const { client, server } = await openScriptedClient(script);
    const error = await errorOf(readAll(client, call));
    expect(error).toMatchObject({ sqlState: "58030", message: "Stripe answered a malformed page" });
    expect(error.detail).toContain(problem);
    expect(server.requests).toHaveLength(script.length);
  });
}

test("an error on a later page ends the listing with that error", async () => {
  const { client } = await openScriptedClient([list([row(1)], true), refusal(403, { message: "No" })]);
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const page of listPages(client, customers, freshScope())) seen.push(...page.rows);
  })();
  expect(await errorOf(reading)).toMatchObject({ sqlState: "42501" });
  expect(seen).toEqual([row(1)]);
});

test("429 on a later page is waited out, and no row is lost", async () => {
  const { client } = await openScriptedClient([list([row(1)], true), refusal(429, {}), list([row(2)], false)]);
  expect(await readAll(client, customers)).toEqual(rows(1, 2));
});

test("the pages of a statement count towards MaxRequests", async () => {
  const { client, server } = await openScriptedClient(customerServer(1000));
  const error = await errorOf(readAll(client, customers, freshScope({ maxRequests: 3 })));
  expect(error.sqlState).toBe("53400");
  expect(server.requests).toHaveLength(3);
});

test("a consumer that stops after a page has caused no other request", async () => {
  for (const readAhead of [false, true]) {
    const { client, server } = await openScriptedClient(customerServer(1000));
    for await (const page of listPages(client, { ...customers, readAll: readAhead }, freshScope())) {
      expect(page.rows).toHaveLength(100);
      break;
    }
    expect(server.requests).toHaveLength(1);
  }
});

test("where all will be read, the third page is asked for while the second is at work", async () => {
  const { client, server } = await openScriptedClient(customerServer(400));
  const pages = listPages(client, { ...customers, readAll: true }, freshScope());
  await pages.next();
  expect(server.requests).toHaveLength(1);
  await pages.next();
  await server.received(3);
  expect((await pages.next()).value?.rows).toEqual(rows(200, 100));
  await server.received(4);
  expect((await pages.next()).value?.rows).toEqual(rows(300, 100));
  expect((await pages.next()).done).toBe(true);
  expect(server.requests).toHaveLength(4);
});

test("reading ahead never passes the limit", async () => {
  const { client, server } = await openScriptedClient(customerServer(1000));
  expect(await readAll(client, { ...customers, limit: 250, readAll: true })).toHaveLength(250);
  expect(server.requests).toHaveLength(3);
});

test("a page asked for ahead fails where it is wanted, not before", async () => {
  const script = [list([row(1)], true), list([row(2)], true), refusal(400, { message: "Late" })];
  const { client, server } = await openScriptedClient(script);
  const pages = listPages(client, { ...customers, readAll: true }, freshScope());
  await pages.next();
  await pages.next();
  await server.received(3);
  expect(await errorOf(pages.next())).toMatchObject({ message: "Late" });
});

test("stopping gives up the page asked for ahead, and leaves no unhandled rejection", async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", note);
  const script: Answer[] = [list([row(1)], true), list([row(2)], true), { kind: "silence" }];
  const { client, server } = await openScriptedClient(script);
  const pages = listPages(client, { ...customers, readAll: true }, freshScope());
  await pages.next();
  await pages.next();
  await server.received(3);
  await pages.return(undefined);
  await client.close();
  await server.close();
  // Unhandled rejections are told after the microtasks of the turn in which they happen.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

test("a statement canceled between pages asks for no other, and ends with 57014", async () => {
  const { client, server } = await openScriptedClient(customerServer(1000));
  const controller = new AbortController();
  const pages = listPages(client, customers, freshScope({ signal: controller.signal }));
  await pages.next();
  controller.abort();
  expect(await errorOf(pages.next())).toMatchObject({ sqlState: "57014" });
  expect(server.requests).toHaveLength(1);
});

test("a statement canceled while a page is on its way ends at once", async () => {
  const { client, server } = await openScriptedClient([list([row(1)], true), { kind: "silence" }]);
  const controller = new AbortController();
  const pages = listPages(client, customers, freshScope({ signal: controller.signal }));
  await pages.next();
  const pending = errorOf(pages.next());
  await server.received(2);
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014" });
});
