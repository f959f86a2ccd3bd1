import { addFaults } from "./random-faults.mjs";
import { cancellation } from "./random-scan.mjs";

/** One write of products; what it tells of each is compared with what the sandbox then holds. */
export async function runWrite(parts) {
  const { random, story, connection, name } = parts;
  const write = await random.of(writes)(parts);
  story.push(write.sql);
  addFaults(parts, { kind: "write", method: write.method });
  const ending = cancellation(parts);
  const options = { signal: ending.signal, ...(random.chance(0.3) ? { idempotencyKey: `key-${name}` } : {}) };
  const [outcome] = await Promise.all([attempt(connection, write, options), ending.work()]);
  const check = async () => {
    const held = await write.held();
    if (outcome.error !== undefined) checkFailed(outcome.error, held);
    else checkTold(outcome.result, held, write);
  };
  return { error: outcome.error, check };
}

async function attempt(connection, { sql, parameters }, options) {
  try {
    return { result: await connection.query(sql, parameters, options) };
  } catch (error) {
    return { error };
  }
}

/** None was written, unless it is in doubt; and none twice. */
function checkFailed({ stripe }, held) {
  for (const [object, times] of held) {
    if (times > 1) throw new Error(`${object} was written ${times} times`);
    if (times > 0 && stripe?.inDoubt !== true) throw new Error(`${object} was written, and told as failed`);
  }
}

function checkTold({ outcomes, rowCount }, held, { tells }) {
  const objects = [...held];
  if (outcomes.length === 0) return checkProcedure(objects);
  let written = 0;
  for (const [index, [object, times]] of objects.entries()) {
    if (times > 1) throw new Error(`${object} was written ${times} times`);
    // One that matched none has no outcome.
    const outcome = tells(outcomes, object, index);
    if (outcome === undefined) continue;
    checkOutcome(outcome, object, times === 1);
    if (outcome.state === "written") written += 1;
  }
  if (rowCount !== written) throw new Error(`${rowCount} were told as written, and ${written} are`);
}

function checkOutcome({ state, error }, object, isWritten) {
  const isDoubtful = error?.stripe.inDoubt === true;
  if (state === "written" && !isWritten) throw new Error(`${object} was told as written, and is not`);
  if (state !== "written" && isWritten && !isDoubtful)
    throw new Error(`${object} was told as ${state}, and is written`);
}

function checkProcedure(objects) {
  const undone = objects.find(([, times]) => times !== 1);
  if (undone !== undefined) throw new Error(`${undone[0]} was told as done, and is not`);
}

const byIndex = (outcomes, _object, index) => outcomes[index];
const byId = (outcomes, object) => outcomes.find(({ id }) => id === object);

async function products(world, names) {
  const made = [];
  for (const name of names) made.push((await world.call("POST", "/v1/products", { name })).id);
  world.sandbox.requests.clear();
  return made;
}

const writes = [
  async ({ world, random, name }) => {
    const names = Array.from({ length: 1 + random.below(4) }, (_, index) => `${name}-${index}`);
    return {
      ...{ method: "POST", tells: byIndex },
      sql: `INSERT INTO Product (Name) VALUES ${names.map((one) => `('${one}')`).join(", ")}`,
      held: async () => {
        const rows = await newest(world);
        return names.map((one) => [one, rows.filter((row) => row.name === one).length]);
      },
    };
  },
  async ({ world, random, name }) => {
    const ids = await products(
      world,
      Array.from({ length: 1 + random.below(4) }, () => `${name} to be changed`),
    );
    return {
      ...{ method: "POST", tells: byId },
      sql: "UPDATE Product SET Description = ? WHERE Id IN (?)",
      parameters: [name, ids],
      held: () =>
        Promise.all(
          ids.map(async (id) => [id, (await world.call("GET", `/v1/products/${id}`)).description === name ? 1 : 0]),
        ),
    };
  },
  async ({ world, random, name }) => {
    const ids = await products(
      world,
      Array.from({ length: 1 + random.below(4) }, () => `${name} to be deleted`),
    );
    return {
      ...{ method: "DELETE", tells: byId },
      sql: "DELETE FROM Product WHERE Id IN (?)",
      parameters: [ids],
      held: () =>
        Promise.all(
          ids.map(async (id) => [id, (await world.call("GET", `/v1/products/${id}`)).error === undefined ? 0 : 1]),
        ),
    };
  },
  async ({ world }) => {
    const { id } = await world.call("POST", "/v1/payment_intents", { amount: 1500, currency: "usd" });
    world.sandbox.requests.clear();
    return {
      ...{ method: "POST", tells: byId },
      sql: "EXEC CancelPaymentIntent PaymentIntentId = ?",
      parameters: [id],
      held: async () => [[id, (await world.call("GET", `/v1/payment_intents/${id}`)).status === "canceled" ? 1 : 0]],
    };
  },
];

/** The last of the products: a run makes few. */
async function newest(world) {
  const { data } = await world.call("GET", "/v1/products", { limit: 100 });
  return data;
}
