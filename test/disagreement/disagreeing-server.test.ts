import { afterEach, expect, test } from "vitest";
import type { Disagreement } from "../support/disagreeing-server.js";
import { startDisagreeingServer } from "../support/disagreeing-server.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 12 });
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Listed {
  readonly status: number;
  readonly body: {
    readonly data?: readonly { readonly id: string; readonly [field: string]: unknown }[];
    readonly has_more?: boolean;
    readonly error?: { readonly param?: string; readonly code?: string; readonly message: string };
  };
}

async function serve(...planted: readonly Disagreement[]): Promise<(path: string) => Promise<Listed>> {
  const server = await startDisagreeingServer(running.sandbox, running.catalog, planted);
  closing.push(() => server.close());
  return async (path) => {
    const headers = { authorization: `Bearer ${running.sandbox.apiKey}` };
    const answer = await fetch(`${server.url}${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Listed["body"] };
  };
}

const statuses = ({ body }: Listed): readonly unknown[] => [...new Set(body.data?.map(({ status }) => status))].sort();
const ids = ({ body }: Listed): readonly string[] => body.data?.map(({ id }) => id) ?? [];

test("a server with nothing planted answers as the sandbox does", async () => {
  const get = await serve();
  expect(ids(await get("/v1/invoices?status=paid&limit=100"))).toEqual(
    (await running.stripe.invoices.list({ status: "paid", limit: 100 })).data.map(({ id }) => id),
  );
});

test("a filter that is ignored leaves nothing out, page by page", async () => {
  const get = await serve({ kind: "ignores-filter", table: "Invoice", parameter: "status" });
  const all = ids(await get("/v1/invoices?limit=100"));
  const first = await get("/v1/invoices?status=draft&limit=5");
  const second = await get(`/v1/invoices?status=draft&limit=5&starting_after=${ids(first).at(-1)}`);
  expect([...ids(first), ...ids(second)]).toEqual(all.slice(0, 10));
  expect(first.body.has_more).toBe(true);
  expect(statuses(await get("/v1/subscriptions?status=canceled&limit=100"))).toEqual(["canceled"]);
});

test("a filter that is ignored leaves the others in force, and the whole table where it stands for it", async () => {
  const get = await serve({ kind: "ignores-filter", table: "Subscription", parameter: "status" });
  const all = await get("/v1/subscriptions?status=active&limit=100");
  expect(ids(all)).toEqual(ids(await get("/v1/subscriptions?status=all&limit=100")));
  const [customer] = all.body.data?.map((row) => row["customer"]) ?? [];
  const own = await get(`/v1/subscriptions?status=active&customer=${customer}`);
  expect([...new Set(own.body.data?.map((row) => row["customer"]))]).toEqual([customer]);
});

test("a filter that is inverted gives the other rows, or all where there are none", async () => {
  const get = await serve({ kind: "inverts-filter" });
  expect(statuses(await get("/v1/invoices?status=paid&limit=100"))).not.toContain("paid");
  expect(ids(await get("/v1/invoices?created[gte]=1&limit=100"))).toEqual(ids(await get("/v1/invoices?limit=100")));
});

test("a filter that is refused is named", async () => {
  const get = await serve({ kind: "refuses-filter", table: "Charge", parameter: "created" });
  const { status, body } = await get("/v1/charges?created[gte]=1");
  expect([status, body.error?.param, body.error?.code]).toEqual([400, "created[gte]", "parameter_unknown"]);
  expect((await get("/v1/charges")).status).toBe(200);
});

test("a value that is refused is refused as a word of no enum", async () => {
  const get = await serve({ kind: "refuses-value", parameter: "status", value: "new" });
  const { status, body } = await get("/v1/invoices?status=new");
  expect([status, body.error?.param]).toEqual([400, "status"]);
  expect((await get("/v1/invoices?status=paid")).status).toBe(200);
});

test("a list that is oldest first is the other way round", async () => {
  const get = await serve({ kind: "oldest-first", table: "Charge" });
  const oldest = ids(await get("/v1/charges?limit=3"));
  const whole: string[] = [];
  for await (const { id } of running.stripe.charges.list({ limit: 100 })) whole.push(id);
  expect(oldest).toEqual(whole.reverse().slice(0, 3));
});

test("an answer and a request may be rewritten", async () => {
  const get = await serve(
    { kind: "rewrites-answer", method: "GET", path: /^\/v1\/balance$/, rewrite: () => ({ status: 201, body: {} }) },
    {
      kind: "rewrites-request",
      method: "GET",
      path: /^\/v1\/charges$/,
      rewrite: (request) => ({ ...request, path: "/v1/refunds" }),
    },
  );
  expect(await get("/v1/balance")).toEqual({ status: 201, body: {} });
  expect(ids(await get("/v1/charges")).every((id) => id.startsWith("re_"))).toBe(true);
});
