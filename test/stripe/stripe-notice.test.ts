import { afterEach, beforeEach, expect, test } from "vitest";
import { errorOf, freshScope, json, openScriptedClient, refusal } from "../support/scripted-client.js";

const notice = "This API version ends soon. See https://stripe.com/docs";
const headers = { "stripe-notice": notice };
const request = { method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" } as const;

const warnings: Error[] = [];
const collect = (warning: Error): number => warnings.push(warning);
beforeEach(() => void process.on("warning", collect));
afterEach(() => {
  process.off("warning", collect);
  warnings.length = 0;
});

/** Warnings of the process come in the next turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a Stripe-Notice is told to the statement, and not printed", async () => {
  const { client } = await openScriptedClient([json({ id: "cus_1" }, 200, headers), json({ id: "cus_1" })]);
  const told: string[] = [];
  const scope = freshScope({ onNotice: (text) => void told.push(text) });
  await client.request(request, scope);
  await client.request(request, scope);
  await settled();
  expect(told).toEqual([`Stripe: ${notice}`]);
  expect(warnings).toEqual([]);
});

test("that of a refusal too", async () => {
  const { client } = await openScriptedClient([refusal(400, { message: "No" }, headers)]);
  const told: string[] = [];
  await errorOf(client.request(request, freshScope({ onNotice: (text) => void told.push(text) })));
  await settled();
  expect(told).toEqual([`Stripe: ${notice}`]);
  expect(warnings).toEqual([]);
});

test("a key within it is not told", async () => {
  const leaking = json({ id: "cus_1" }, 200, { "stripe-notice": "Key sk_test_51Habcdefghijklmn is old" });
  const { client } = await openScriptedClient([leaking]);
  const told: string[] = [];
  await client.request(request, freshScope({ onNotice: (text) => void told.push(text) }));
  expect(told.join()).not.toContain("51Habcdefghijklmn");
});
