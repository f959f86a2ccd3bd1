import { expect, test } from "vitest";
import type { TestClocksOptions } from "../../../src/execute/scan/test-clocks.js";
import { TestClocks } from "../../../src/execute/scan/test-clocks.js";
import type { StripeRequest } from "../../../src/stripe/stripe-client.js";
import { freshScope, openScriptedClient, refusal } from "../../support/scripted-client.js";

const path = "/v1/test_helpers/test_clocks";
const question = { path, accountId: undefined };

/** Answers with a clock more at each question. */
function clocksAsked(options: Partial<TestClocksOptions> = {}) {
  const asked: StripeRequest[] = [];
  const client = {
    request: async (request: StripeRequest) => {
      asked.push(request);
      return { object: "list", data: asked.map((_, index) => ({ id: `clock_${index}` })), has_more: false, url: path };
    },
  };
  const clocks = new TestClocks({ areRead: () => true, startsEmpty: false, ...options });
  const of = (accountId?: string) => clocks.of({ path, accountId }, { client, scope: freshScope() });
  return { asked, clocks, of };
}

test("are asked for once, by all who ask at the same time, and by account", async () => {
  const { asked, of, clocks } = clocksAsked();
  expect(clocks.known(undefined)).toBeUndefined();
  expect(await Promise.all([of(), of()])).toEqual([["clock_0"], ["clock_0"]]);
  expect(await of()).toEqual(["clock_0"]);
  expect(clocks.known(undefined)).toEqual(["clock_0"]);
  expect(await of("acct_1")).toEqual(["clock_0", "clock_1"]);
  expect(asked.map((request) => request.accountId)).toEqual([undefined, "acct_1"]);
});

test("are asked for anew after five minutes, and after a write to one", async () => {
  let nowMs = 0;
  const { of, clocks } = clocksAsked({ nowMs: () => nowMs });
  await of();
  nowMs = 299_999;
  expect(await of()).toHaveLength(1);
  nowMs = 300_000;
  expect(await of()).toHaveLength(2);
  clocks.written("/v1/customers/cus_1");
  expect(await of()).toHaveLength(2);
  clocks.written(`${path}/clock_1/advance`);
  expect(await of()).toHaveLength(3);
});

test("are none, and not asked for, on a live key and in an account that is new", async () => {
  const live = clocksAsked({ areRead: () => false });
  expect(await live.of()).toEqual([]);
  expect(live.asked).toEqual([]);
  const own = clocksAsked({ startsEmpty: true });
  expect(await own.of()).toEqual([]);
  expect(own.asked).toEqual([]);
  own.clocks.written(path);
  expect(await own.of()).toEqual(["clock_0"]);
});

test("are read to the last page", async () => {
  const pages = [
    { object: "list", data: [{ id: "clock_1" }], has_more: true, url: path },
    { object: "list", data: [{ id: "clock_2" }], has_more: false, url: path },
  ];
  const { client, server } = await openScriptedClient(
    pages.map((body) => ({ kind: "json", body, status: 200, headers: {} })),
  );
  const clocks = new TestClocks({ areRead: () => true, startsEmpty: false });
  expect(await clocks.of(question, { client, scope: freshScope() })).toEqual(["clock_1", "clock_2"]);
  expect(server.requests.map(({ query }) => query)).toEqual(["limit=100", "starting_after=clock_1&limit=100"]);
});

test.each([[403], [404], [400]])("that the key may not list are no failure: %d", async (status) => {
  const { client } = await openScriptedClient(() => refusal(status, {}));
  const clocks = new TestClocks({ areRead: () => true, startsEmpty: false });
  expect(await clocks.of(question, { client, scope: freshScope() })).toBe("refused");
});

test("a failure to ask is the statement's, and none of the next one's", async () => {
  let isDown = true;
  const { client } = await openScriptedClient(() =>
    isDown
      ? refusal(500, {})
      : { kind: "json", status: 200, headers: {}, body: { object: "list", data: [], has_more: false, url: path } },
  );
  const clocks = new TestClocks({ areRead: () => true, startsEmpty: false });
  await expect(clocks.of(question, { client, scope: freshScope() })).rejects.toMatchObject({ sqlState: "58030" });
  isDown = false;
  expect(await clocks.of(question, { client, scope: freshScope() })).toEqual([]);
});
