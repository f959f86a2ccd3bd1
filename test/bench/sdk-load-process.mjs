// The bare SDK, asked for one page of customers by so many at once for so long. Prints as load-process.mjs does.
import Stripe from "stripe";

const [target, pageSize, clients, seconds] = process.argv.slice(2);
const { hostname, port } = new URL(target);
const stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
const end = performance.now() + Number(seconds) * 1000;
const latencies = [];

async function client() {
  while (performance.now() < end) {
    const start = performance.now();
    await stripe.customers.list({ limit: Number(pageSize) });
    latencies.push(performance.now() - start);
  }
}

await Promise.all(Array.from({ length: Number(clients) }, client));
process.stdout.write(JSON.stringify({ latencies, failures: [] }));
