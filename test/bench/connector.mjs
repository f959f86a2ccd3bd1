// One object by its id: the connector's own cost, in this process and over HTTP with two nodes, beside the bare SDK call.
// Then the throttle: twice the permitted rate for ten seconds.
import { setTimeout as wait } from "node:timers/promises";
import { openConnector } from "../../dist/index.js";
import { median, withSandbox } from "./with-sandbox.mjs";
import { withServer } from "./with-server.mjs";

const rounds = Number(process.env.ROUNDS ?? 300);
const seconds = Number(process.env.SECONDS ?? 10);
const { url, stripe, stop } = await withSandbox();
const { data } = await stripe.customers.list({ limit: 100 });

const connector = await openConnector({ apiBase: url });
const quick = await serve({ transactions_per_second_per_node: 100_000 });
const ways = {
  "bare SDK retrieve": (id) => stripe.customers.retrieve(id),
  "getEntity, this process": (id) => connector.getEntity({ entity: "Customer", entityId: id }),
  "GET …/entities/ID, two nodes": (id) => quick.get(`/entityTypes/Customer/entities/${id}`),
};
const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  const { id } = data[round % data.length];
  for (const [name, run] of Object.entries(ways)) {
    const start = performance.now();
    await run(id);
    times[name].push(performance.now() - start);
  }
}
const settled = (name) => median(times[name].slice(Math.floor(rounds / 5)));
const bare = settled("bare SDK retrieve");
for (const name of Object.keys(ways)) {
  const own = settled(name);
  console.log(`${name.padEnd(30)} median ${own.toFixed(2)} ms, ${(own / bare).toFixed(2)} of the bare call`);
}
await quick.stop();

const throttled = await serve({ transactions_per_second_per_node: 6 });
const started = performance.now();
const answers = [];
for (let call = 0; call < seconds * 24; call += 1) {
  await wait(Math.max(0, started + (call * 1000) / 24 - performance.now()));
  answers.push(throttled.get("/entityTypes/Customer/entities?pageSize=1"));
}
const took = (performance.now() - started) / 1000;
const statuses = await Promise.all(answers);
const count = (status) => statuses.filter((one) => one.status === status).length;
const refused = statuses.filter(({ status }) => status === 429);
console.log(
  `${(statuses.length / took).toFixed(1)} calls a second for ${took.toFixed(1)} s on two nodes of 6: ` +
    `${(count(200) / took).toFixed(1)} accepted a second (wanted 12 within 10 %), ${refused.length} refused, ` +
    `${refused.filter(({ retryAfter }) => retryAfter !== null).length} of them with Retry-After`,
);
await throttled.stop();
await connector.close();
stop();

/** `stripe-sql serve` on two nodes over the sandbox. */
async function serve(throttle) {
  const { url: base, token, stop: end } = await withServer({ apiBase: url, throttle });
  return {
    get: async (path) => {
      const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
      await response.arrayBuffer();
      return { status: response.status, retryAfter: response.headers.get("retry-after") };
    },
    stop: end,
  };
}
