// One object by its id in a running process: the statement's own cost over the bare SDK call.
import { connect } from "../../dist/index.js";
import { median, withSandbox } from "./with-sandbox.mjs";

const rounds = Number(process.env.ROUNDS ?? 300);
const { url, stripe, stop } = await withSandbox();
const connection = await connect({ apiBase: url });
const { data } = await stripe.customers.list({ limit: 100 });

const time = async (run) => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

const bare = [];
const driver = [];
for (let round = 0; round < rounds; round += 1) {
  const { id } = data[round % data.length];
  bare.push(await time(() => stripe.customers.retrieve(id)));
  driver.push(await time(() => connection.query("SELECT Id, Email, Name FROM Customer WHERE Id = ?", [id])));
}
const settled = (values) => values.slice(Math.floor(values.length / 5));
const difference = settled(driver).map((value, index) => value - settled(bare)[index]);
console.log(`bare SDK retrieve       median ${median(settled(bare)).toFixed(2)} ms`);
console.log(`SELECT … WHERE Id = ?   median ${median(settled(driver)).toFixed(2)} ms`);
console.log(`cost of the statement   median ${median(difference).toFixed(2)} ms (wanted <= 3)`);
await connection.close();
stop();
