// Closes a connection under running statements, again and again differently: options of the connection, seed. It
// prints what became of each statement; one that never settles, a crash and a rejection that nobody handles show in
// its exit code.
import { EventEmitter, once } from "node:events";
import { connect } from "../../dist/index.js";

const [options = "{}", seed = "1"] = process.argv.slice(2);
const random = numbersFrom(Number(seed));
const pick = (least, most) => least + Math.floor(random() * (most - least + 1));

const connection = await connect(JSON.parse(options));
const read = async (sql, parameters) => void (await connection.query(sql, parameters));

const kinds = {
  "by id": () => read("SELECT Id FROM Customer WHERE Id = 'cus_none'"),
  "several ids": () => read("SELECT Id FROM Customer WHERE Id IN ('cus_a', 'cus_b', 'cus_c', 'cus_d')"),
  list: () => read("SELECT Id, Email FROM Customer"),
  "every column": () => read("SELECT * FROM Customer WHERE Name LIKE ?", ["%a%"]),
  "group by": () => read("SELECT Currency, count(*) AS n FROM Customer GROUP BY Currency"),
  join: () => read("SELECT c.Id, count(*) FROM Customer c JOIN Invoice i ON i.Customer = c.Id GROUP BY c.Id"),
  pivot: () => read("PIVOT (SELECT Currency, Status, AmountDue FROM Invoice) ON Status USING sum(AmountDue)"),
  "long and local": () =>
    read("SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1"),
  insert: () => read("INSERT INTO Product (Name) VALUES ('A'), ('B'), ('C') RETURNING Id, Name"),
  update: () => read("UPDATE Customer SET Description = 'closed' WHERE Name LIKE '%b%' RETURNING Id"),
  exec: () => read("EXEC CancelPaymentIntent PaymentIntentId = 'pi_none'").catch(unlessMissing),
  "explain analyze": () => read("EXPLAIN ANALYZE SELECT count(*) FROM Customer"),
  script: () => read("BEGIN; SELECT count(*) FROM Product; COMMIT").catch(unlessClosed),
  "unasked write": async () =>
    void (await connection.query("DELETE FROM Product WHERE Name = 'A'", [], {
      confirmWrite: () => new Promise(() => {}),
    })),
  columns: async () => void (await connection.stream("SELECT Name FROM Customer WHERE Name LIKE 'A%'").columns()),
  summary: async () => void (await connection.stream("SELECT Name FROM Customer ORDER BY Name").summary()),
  "left halfway": () => leaveHalfway("SELECT Name FROM Customer WHERE Name LIKE '%a%'"),
  "left halfway, sorted": () => leaveHalfway("SELECT Name FROM Customer ORDER BY Name"),
};

const left = [];
const names = Object.keys(kinds);
const drawn = Array.from({ length: pick(2, 50) }, () => names[pick(0, names.length - 1)]);
// Each takes one of Node's four threads for good: with a fourth, none of the others would ever end.
const endless = drawn.filter((kind) => kind === "long and local").slice(0, 3);
const chosen = [...endless, ...drawn.filter((kind) => kind !== "long and local")];
const progress = new EventEmitter();
let endedCount = 0;
const statements = chosen.map(async (kind) => {
  const ended = await kinds[kind]().then(
    () => "result",
    (error) => error.sqlState ?? `${error.name}: ${error.message}`,
  );
  endedCount += 1;
  progress.emit("ended");
  return { kind, ended };
});

await momentOfClosing();
const closing = connection.close();
const isOnePromise = connection.close() === closing;
await closing;
const ended = await Promise.all(statements);
// A reader that comes back gets what is left of its batch, and then the cancellation.
for (const iterator of left) ended.push({ kind: "read on", ended: await endOf(iterator) });
const late = await connection.query("SELECT 1").catch((error) => error.sqlState);
process.stdout.write(JSON.stringify({ ended, isOnePromise, late }));

/** At once, after some turns of the event loop, or once some of the statements that do end have ended. */
async function momentOfClosing() {
  const way = pick(0, 3);
  if (way === 0) return;
  if (way === 1) for (let turns = pick(1, 500); turns > 0; turns -= 1) await new Promise(setImmediate);
  const ending = chosen.filter((kind) => kind !== "long and local" && kind !== "unasked write").length;
  const awaited = way < 2 || ending === 0 ? 0 : pick(1, ending);
  while (endedCount < awaited) await once(progress, "ended");
}

async function leaveHalfway(sql) {
  const iterator = connection.stream(sql)[Symbol.asyncIterator]();
  await iterator.next();
  left.push(iterator);
}

async function endOf(iterator) {
  try {
    for (let next = await iterator.next(); !next.done; ) next = await iterator.next();
    return "result";
  } catch (error) {
    return error.sqlState ?? `${error.name}: ${error.message}`;
  }
}

function unlessMissing(error) {
  if (error.stripe?.code !== "resource_missing") throw error;
}

/** Its later statements may not have begun. */
function unlessClosed(error) {
  if (error.sqlState !== "08006") throw error;
}

/** Lehmer's generator: the same numbers for the same seed. */
function numbersFrom(start) {
  let state = start;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  // The first ones of neighbouring seeds are neighbours too.
  for (let skipped = 0; skipped < 5; skipped += 1) next();
  return next;
}
