// Takes places under one limit of a shared rate store, as one of several processes: URL, limit, number of places.
import { openRedisRateStore } from "../../dist/stripe/rate/redis-rate-store.js";

const [url = "", requestsPerSecond, count] = process.argv.slice(2);
const rate = Number(requestsPerSecond);
const store = await openRedisRateStore(url);
const limit = { name: "account all", requestsPerSecond: rate, burst: Math.floor(rate / 4) };
const { signal } = new AbortController();
await Promise.all(Array.from({ length: Number(count) }, () => store.reserve([limit], signal)));
store.close();
