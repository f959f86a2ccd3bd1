import { expect, test } from "vitest";
import { openConnection } from "../../src/driver/open-connection.js";
import type { BucketLimit, RateStore } from "../../src/stripe/rate/rate-store.js";
import { json } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";

const apiKey = ["sk", "test", "planted0123456789"].join("_");

/** A store that lets everything go, and what it was asked for. */
function recordingStore(): { readonly store: RateStore; readonly asked: BucketLimit[] } {
  const asked: BucketLimit[] = [];
  const store: RateStore = {
    reserve: async (limits) => {
      asked.push(...limits);
      return 0;
    },
  };
  return { store, asked };
}

async function namesAskedFor(key: string): Promise<readonly string[]> {
  const stripe = await startScriptedServer(() => json({ id: "cus_1", object: "customer" }));
  const { store, asked } = recordingStore();
  const options = { apiBase: stripe.url, apiKey: key, requestsPerSecond: 5 };
  const { connection } = await openConnection(options, { rateStore: store });
  await connection.query("SELECT Id FROM Customer WHERE Id = 'cus_1'");
  await connection.close();
  await stripe.close();
  return asked.map(({ name }) => name);
}

test("a store that is given keeps the limits of the key's account, and is not told the key", async () => {
  const names = await namesAskedFor(apiKey);
  expect(names).toEqual([
    expect.stringMatching(/^[\da-f]{16} all$/),
    expect.stringMatching(/^[\da-f]{16} GET \/v1\/customers\/\*$/),
  ]);
  expect(await namesAskedFor(`${apiKey}x`)).not.toContain(names[0]);
});
