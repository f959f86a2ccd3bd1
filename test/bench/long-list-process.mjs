// A server with lists of any length, /v1/charges and a tenth as many /v1/customers, newest first, by cursor and by ranges of
// `created`, in a process of its own. Rows are the sandbox's objects with fields that follow from their positions, so that
// a million of them take no memory and next to no time. Prints its address, and ends with its parent.
import { createServer } from "node:http";
import { startSandbox } from "../../dist/index.js";

const [count, latencyMs] = [Number(process.argv[2]), Number(process.argv[3] ?? 0)];
const newest = 1_790_000_000;
const year = 31_536_000;
const customersOf = (charges) => Math.max(1, Math.floor(charges / 10));

const idOf = (prefix, number) => `${prefix}_${String(number).padStart(12, "0")}`;
const numberOf = (id) => Number(id.slice(id.indexOf("_") + 1));

/** The time of the row at a position, of so many in a year. */
const timeAt = (position, rows) => newest - Math.floor((position * year) / rows);

/** Position of the first row that is older than a time. */
function firstBefore(time, rows) {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeAt(middle, rows) >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes the text of a row of the text of one, with the fields that differ. */
function rowWriter(example, fields) {
  const names = Object.keys(fields);
  const marked = { ...example, ...Object.fromEntries(names.map((name) => [name, `@${name}@`])) };
  const pieces = JSON.stringify(marked).split(/"@(\w+)@"/);
  return (position) =>
    pieces.map((piece, index) => (index % 2 === 0 ? piece : JSON.stringify(fields[piece](position)))).join("");
}

async function examples() {
  const sandbox = await startSandbox({ customers: 20 });
  const headers = { authorization: "Bearer sk_test_sandbox" };
  const first = async (path) => (await (await fetch(`${sandbox.url}${path}?limit=1`, { headers })).json()).data[0];
  const found = [await first("/v1/charges"), await first("/v1/customers")];
  await sandbox.close();
  return found;
}

const [charge, customer] = await examples();
const customers = customersOf(count);
const lists = new Map([
  [
    "/v1/charges",
    {
      rows: count,
      write: rowWriter(charge, {
        id: (position) => idOf("ch", count - position),
        created: (position) => timeAt(position, count),
        amount: (position) => 100 + ((position * 7919) % 100_000),
        currency: (position) => ["usd", "eur", "gbp"][position % 3],
        customer: (position) => idOf("cus", 1 + ((position * 31) % customers)),
        description: (position) => `Order ${position} of the shop`,
        payment_intent: (position) => idOf("pi", count - position),
        balance_transaction: (position) => idOf("txn", count - position),
        metadata: (position) => ({ order_id: String(position) }),
      }),
    },
  ],
  [
    "/v1/customers",
    {
      rows: customers,
      write: rowWriter(customer, {
        id: (position) => idOf("cus", customers - position),
        created: (position) => timeAt(position, customers),
        email: (position) => `customer${position}@example.com`,
        name: (position) => `Customer ${position}`,
      }),
    },
  ],
]);

function page(path, query) {
  const { rows, write } = lists.get(path);
  const bound = (name) => (query.has(`created[${name}]`) ? Number(query.get(`created[${name}]`)) : undefined);
  const [gte, gt, lte, lt] = ["gte", "gt", "lte", "lt"].map(bound);
  const after = query.get("starting_after");
  const start = Math.max(
    after === null ? 0 : rows - numberOf(after) + 1,
    lt === undefined ? 0 : firstBefore(lt, rows),
    lte === undefined ? 0 : firstBefore(lte + 1, rows),
  );
  const end = Math.min(
    gte === undefined ? rows : firstBefore(gte, rows),
    gt === undefined ? rows : firstBefore(gt + 1, rows),
  );
  const last = Math.max(start, Math.min(end, start + Number(query.get("limit") ?? 10)));
  const data = [];
  for (let position = start; position < last; position += 1) data.push(write(position));
  return `{"object":"list","url":"${path}","has_more":${last < end},"data":[${data.join(",")}]}`;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json", "request-id": "req_bench" });
    response.end(body);
  };
  if (!lists.has(pathname))
    return answer(404, JSON.stringify({ error: { type: "invalid_request_error", message: "No such list" } }));
  const send = () => answer(200, page(pathname, searchParams));
  if (latencyMs === 0) send();
  else setTimeout(send, latencyMs);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
