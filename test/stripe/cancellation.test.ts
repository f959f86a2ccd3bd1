import { expect, test } from "vitest";
import { untilAborted } from "../../src/stripe/linked-abort.js";
import { StoppedClock } from "../support/fake-clock.js";
import { errorOf, freshScope, json, openScriptedClient, refusal } from "../support/scripted-client.js";

const balance = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
const create = { method: "POST", path: "/v1/customers", parameters: {}, budget: "write" } as const;

test("a statement canceled before its request sends nothing", async () => {
  const { client, server } = await openScriptedClient([]);
  const scope = freshScope({ signal: AbortSignal.abort() });
  const error = await errorOf(client.request(balance, scope));
  expect(error).toMatchObject({
    sqlState: "57014",
    message: "canceling statement due to user request",
    detail: undefined,
  });
  expect(server.requests).toEqual([]);
  expect(scope.count).toBe(0);
});

test("a statement canceled while the answer is awaited ends at once", async () => {
  const { client, server } = await openScriptedClient(() => ({ kind: "silence" }));
  const controller = new AbortController();
  const pending = errorOf(client.request(balance, freshScope({ signal: controller.signal })));
  await server.received(1);
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014", detail: undefined });
});

test("a write canceled while its answer is awaited is said to be possibly done", async () => {
  const { client, server } = await openScriptedClient(() => ({ kind: "silence" }));
  const controller = new AbortController();
  const pending = errorOf(client.request(create, freshScope({ signal: controller.signal })));
  await server.received(1);
  controller.abort();
  expect(await pending).toMatchObject({
    detail: expect.stringContaining("It may have been carried out all the same"),
    stripe: { inDoubt: true },
  });
});

test("a statement canceled while it waits to try again ends at once", async () => {
  const clock = new StoppedClock();
  const { client, server } = await openScriptedClient([refusal(429, {}, { "retry-after": "30" })], { clock });
  const controller = new AbortController();
  const pending = errorOf(client.request(balance, freshScope({ signal: controller.signal })));
  await clock.asleep;
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014" });
  expect(server.requests).toHaveLength(1);
});

test("a statement canceled while it waits for the rate budget ends at once", async () => {
  const clock = new StoppedClock();
  const { client, server } = await openScriptedClient(() => json({ id: "x" }), { clock, requestsPerSecond: 1 });
  await client.request(balance, freshScope());
  const controller = new AbortController();
  const pending = errorOf(client.request(balance, freshScope({ signal: controller.signal })));
  await clock.asleep;
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014" });
  expect(server.requests).toHaveLength(1);
});

test("closing the client ends requests under way and refuses later ones", async () => {
  const { client, server } = await openScriptedClient(() => ({ kind: "silence" }));
  const pending = errorOf(client.request(balance, freshScope()));
  await server.received(1);
  await client.close();
  const message = "canceling statement because the connection is closed";
  expect(await pending).toMatchObject({ sqlState: "57014", message });
  expect(await errorOf(client.request(balance, freshScope()))).toMatchObject({ sqlState: "57014", message });
});

test("a signal that outlives many requests keeps no listeners", async () => {
  const { client } = await openScriptedClient(() => json({ id: "x" }));
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listeners += 1;
    add(...parameters);
  };
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...parameters);
  };
  for (let index = 0; index < 5; index += 1) await client.request(balance, freshScope({ signal }));
  expect(listeners).toBe(0);
});

test("a signal that many wait for warns of no leak", async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on("warning", hear);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 20 }, () => untilAborted(Promise.resolve(), signal)));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});
