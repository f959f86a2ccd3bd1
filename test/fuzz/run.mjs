// Mutated texts of every language that is read from others: each is read, or refused by an error of ours that is no
// XX000, and none under 64 KB takes a second of the processor. Options: --seed 1 --count 30000 --only filter,search.
// Exit status 1 where one fails; prints the text with which it is had again.
import { parseArgs } from "node:util";
import { openGrammars } from "./grammars.mjs";
import { mutate, randomOf } from "./mutate.mjs";

const longest = 64 * 1024;
const mostMs = 1000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "30000" },
    only: { type: "string" },
  },
});
const { grammars, isOurs, close } = await openGrammars();
let failures = 0;
for (const [name, { corpus, read, mutate: mutateOwn = mutate }] of Object.entries(grammars)) {
  if (values.only !== undefined && !values.only.split(",").includes(name)) continue;
  const random = randomOf(Number(values.seed));
  let refused = 0;
  let slowestMs = 0;
  for (let index = 0; index < Number(values.count); index += 1) {
    const text = mutateOwn(random, corpus).slice(0, longest);
    const before = process.cpuUsage();
    let unforeseen;
    try {
      await read(text);
    } catch (error) {
      refused += 1;
      if (!isOurs(error)) unforeseen = error;
    }
    const { user, system } = process.cpuUsage(before);
    const elapsedMs = (user + system) / 1000;
    slowestMs = Math.max(slowestMs, elapsedMs);
    if (unforeseen !== undefined || elapsedMs > mostMs) report({ name, index, text, unforeseen, elapsedMs });
  }
  process.stdout.write(`${name}: ${values.count} texts, ${refused} refused, the slowest ${slowestMs.toFixed(0)} ms\n`);
}
await close();
process.exitCode = failures === 0 ? 0 : 1;

function report({ name, index, text, unforeseen, elapsedMs }) {
  failures += 1;
  if (failures > 20) return;
  const what =
    unforeseen === undefined ? `${elapsedMs.toFixed(0)} ms` : `${unforeseen.sqlState ?? ""} ${unforeseen.stack}`;
  process.stdout.write(`FAILED ${name} ${index}: ${what.slice(0, 600)}\n  ${JSON.stringify(text.slice(0, 1500))}\n`);
}
