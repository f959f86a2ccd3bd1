// A server with two long lists, /v1/charges and /v1/customers, newest first, by cursor and by ranges of `created`, in a
// process of its own. Each answer takes a while, and what goes beyond 25 requests a second on one endpoint is a 429, but for a
// burst such as the driver's budget has.
// Prints its port, and ends with its parent.
import { createServer } from "node:http";

const [count, latencyMs, shape] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const now = 1_790_000_000;
const year = 31_536_000;

/** Times that look random, and are the same in each run. */
let seed = 1;
const draw = () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const timeOf = {
  even: () => now - Math.floor(draw() * year),
  // Half of the rows are of one hundredth of the time.
  skewed: (index) => now - Math.floor(index % 2 === 0 ? 0.4 * year + draw() * 0.01 * year : draw() * year),
}[shape];

function list(prefix, object, rows) {
  const times = Array.from({ length: rows }, (_, index) => timeOf(index)).sort((one, other) => other - one);
  return times.map((created, index) => ({
    id: `${prefix}_${String(rows - index).padStart(8, "0")}`,
    object,
    created,
    amount: (index * 37) % 10_000,
    currency: "usd",
    status: "succeeded",
    customer: `cus_${String(1 + (index % Math.max(1, rows / 2))).padStart(8, "0")}`,
    description: "A charge with a text of some length, as they have",
    metadata: { order: String(index) },
  }));
}

const lists = new Map([
  ["/v1/charges", list("ch", "charge", count)],
  ["/v1/customers", list("cus", "customer", Math.floor(count / 2))],
]);
const places = new Map([...lists].map(([path, rows]) => [path, new Map(rows.map(({ id }, index) => [id, index]))]));
const buckets = new Map();
let refused = 0;

const rate = 25;
const burst = 7;

/** A token bucket for each endpoint. */
function isTooMany(path) {
  const time = performance.now();
  const { tokens, at } = buckets.get(path) ?? { tokens: burst, at: time };
  const left = Math.min(burst, tokens + ((time - at) / 1000) * rate);
  buckets.set(path, { tokens: Math.max(0, left - 1), at: time });
  return left < 1;
}

/** Position of the first row that is older than a time, or of it too. */
function firstBelow(rows, time, inclusive) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inclusive ? rows[middle].created > time : rows[middle].created >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function page(path, query) {
  const rows = lists.get(path);
  const bound = (name) => (query.has(`created[${name}]`) ? Number(query.get(`created[${name}]`)) : undefined);
  const [gte, gt, lte, lt] = ["gte", "gt", "lte", "lt"].map(bound);
  const after = query.get("starting_after");
  const starts = [
    after === null ? 0 : places.get(path).get(after) + 1,
    lt === undefined ? 0 : firstBelow(rows, lt, false),
    lte === undefined ? 0 : firstBelow(rows, lte, true),
  ];
  const ends = [
    gte === undefined ? rows.length : firstBelow(rows, gte, false),
    gt === undefined ? rows.length : firstBelow(rows, gt, true),
  ];
  const [start, end] = [Math.max(...starts), Math.min(...ends)];
  const data = rows.slice(start, Math.max(start, Math.min(end, start + Number(query.get("limit") ?? 10))));
  return { object: "list", url: path, data, has_more: start + data.length < end };
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json", "request-id": "req_bench" });
    response.end(JSON.stringify(body));
  };
  if (pathname === "/refused") return answer(200, { refused });
  if (!lists.has(pathname)) return answer(404, { error: { type: "invalid_request_error", message: "No such list" } });
  if (isTooMany(pathname)) {
    refused += 1;
    return answer(429, { error: { type: "invalid_request_error", code: "rate_limit", message: "Too many requests" } });
  }
  setTimeout(() => answer(200, page(pathname, searchParams)), latencyMs);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
