// One object by its id in this process: a statement's and the connector's own cost, beside the bare SDK call. Rounds go
// through all ways one after the other, so that what else the machine does falls on each of them alike.
import { connect, openConnector } from "../../dist/index.js";
import { withSandbox } from "./with-sandbox.mjs";

const rounds = Number(process.env.ROUNDS ?? 500);
const { url, stripe, stop } = await withSandbox();
const { data } = await stripe.customers.list({ limit: 100 });

const connection = await connect({ apiKey: "sk_test_sandbox", apiBase: url });
const connector = await openConnector({ apiBase: url, apiKey: "sk_test_sandbox" });
const prepared = connection.prepare("SELECT * FROM Customer WHERE Id = ?");
const ways = [
  { name: "bare SDK retrieve", run: (id) => stripe.customers.retrieve(id) },
  {
    name: "SELECT Id, Email",
    wanted: "1.5 ms over",
    run: (id) => connection.query("SELECT Id, Email FROM Customer WHERE Id = ?", [id]),
  },
  {
    name: "SELECT *",
    wanted: "1.5 ms over",
    run: (id) => connection.query(`SELECT * FROM Customer WHERE Id = '${id}'`),
  },
  { name: "SELECT *, prepared", wanted: "1.5 ms over", run: (id) => prepared.query([id]) },
  { name: "getEntity", wanted: "2 times", run: (id) => connector.getEntity({ entity: "Customer", entityId: id }) },
].map((way) => ({ ...way, wall: [], cpu: [] }));

for (let round = 0; round < rounds; round += 1) {
  const { id } = data[round % data.length];
  for (const way of ways) {
    const before = process.cpuUsage();
    const start = performance.now();
    await way.run(id);
    way.wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    way.cpu.push((user + system) / 1000);
  }
}
await connection.close();
await connector.close();
stop();

/** The first decile, without the first calls, which compile what the others run: a machine with other work to do doubles the median. */
function settled(times) {
  const sorted = times.slice(Math.floor(rounds / 5)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)];
}

const bare = settled(ways[0].wall);
console.log(`${"".padEnd(20)}  wall ms   over  times   this process's processor ms   wanted at most`);
for (const { name, wanted = "", wall, cpu } of ways) {
  const own = settled(wall);
  const figures = [own.toFixed(2), (own - bare).toFixed(2), (own / bare).toFixed(2)].map((text) => text.padStart(6));
  console.log(
    `${name.padEnd(20)}  ${figures.join(" ")} ${settled(cpu).toFixed(2).padStart(12)} ${wanted.padStart(32)}`,
  );
}
