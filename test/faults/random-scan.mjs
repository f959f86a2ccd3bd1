import { setTimeout as wait } from "node:timers/promises";
import { addFaults } from "./random-faults.mjs";

/** One SELECT of customers while others add and delete some; its rows are judged by who was there all the time. */
export async function runScan(parts) {
  const { world, random, story, connection } = parts;
  const before = world.customers;
  const scan = random.of(scans)(random, before);
  story.push(scan.sql);
  addFaults(parts, { kind: "scan", method: "GET" });
  const others = new Others(parts, before);
  const ending = cancellation(parts);
  const [outcome] = await Promise.all([attempt(connection, scan, parts, ending.signal), others.work(), ending.work()]);
  const check = () => {
    if (outcome.error !== undefined) return;
    const after = new Set(others.deleted);
    scan.check(outcome.rows, {
      // A reader that left early has the rows that it has taken.
      isWhole: outcome.isWhole,
      stable: before.filter(({ id }) => !after.has(id)),
      ever: [...before, ...others.added],
    });
  };
  return { error: outcome.error, check };
}

async function attempt(connection, { sql, parameters }, { random, story }, signal) {
  const options = { signal };
  try {
    if (random.chance(0.6)) return { rows: (await connection.query(sql, parameters, options)).rows, isWhole: true };
    const leaveAfter = random.chance(0.3) ? random.below(150) : Number.POSITIVE_INFINITY;
    const stream = connection.stream(sql, parameters, options);
    if (random.chance(0.2)) await stream.columns();
    const rows = [];
    for await (const row of stream) {
      rows.push(row);
      if (rows.length > leaveAfter) {
        story.push(`left after ${rows.length} rows`);
        return { rows, isWhole: false };
      }
    }
    await stream.summary();
    return { rows, isWhole: true };
  } catch (error) {
    return { error };
  }
}

/**
 * Aborts, or closes a connection of the run's own, now and then.
 *
 * @returns {{ signal: globalThis.AbortSignal, work: () => Promise<void> }}
 */
export function cancellation({ random, story, own, connection }) {
  const controller = new AbortController();
  const isAborted = random.chance(0.12);
  const delay = random.below(40);
  if (isAborted && delay === 0) controller.abort();
  return {
    signal: controller.signal,
    work: async () => {
      if (!isAborted && !own) return;
      story.push(`${isAborted ? "aborted" : "closed"} after ${delay} ms`);
      await wait(delay);
      if (isAborted) controller.abort();
      else await connection.close();
    },
  };
}

class Others {
  added = [];
  deleted = [];

  constructor({ world, random }, before) {
    this.world = world;
    this.random = random;
    this.before = before;
  }

  async work() {
    const { random, world } = this;
    const changes = random.chance(0.5) ? random.below(8) : 0;
    for (let change = 0; change < changes; change += 1) {
      await wait(random.below(10));
      if (random.chance(0.5)) {
        // Known before it is asked for: a scan may see it before its answer is here.
        const name = `Added ${random.next()}`;
        const added = { id: undefined, name };
        this.added.push(added);
        added.id = (
          await world.call("POST", "/v1/customers", { name, email: `${random.below(1e9)}@added.example` })
        ).id;
      } else {
        const { id } = random.of(this.before);
        this.deleted.push(id);
        await world.call("DELETE", `/v1/customers/${id}`);
      }
    }
  }
}

const wholeTable =
  (sql, keep = () => true) =>
  () => ({ sql, check: (rows, truth) => checkSet(rows, truth, keep) });

const scans = [
  wholeTable("SELECT Id FROM Customer"),
  wholeTable("SELECT Id, Name, Email FROM Customer WHERE Name LIKE '%a%'", ({ name }) => name?.includes("a") ?? false),
  wholeTable("SELECT Id FROM Customer ORDER BY Name"),
  wholeTable("SELECT c.Id FROM Customer c WHERE EXISTS (SELECT 1 FROM Customer d WHERE d.Id = c.Id)"),
  () => ({
    sql: "SELECT count(*) AS n FROM Customer",
    check: (rows, { stable, ever, isWhole }) => {
      if (!isWhole && rows.length === 0) return;
      const n = rows[0]?.n;
      if (!(n >= stable.length && n <= ever.length))
        throw new Error(`count is ${n}, not from ${stable.length} to ${ever.length}`);
    },
  }),
  (random, before) => {
    const { id } = random.of(before);
    return {
      sql: "SELECT Id FROM Customer WHERE Id = ?",
      parameters: [id],
      check: (rows, truth) => checkSet(rows, truth, (row) => row.id === id),
    };
  },
  (random, before) => {
    const ids = Array.from({ length: 1 + random.below(6) }, () => random.of(before).id);
    return {
      sql: "SELECT Id FROM Customer WHERE Id IN (?)",
      parameters: [ids],
      check: (rows, truth) => checkSet(rows, truth, (row) => ids.includes(row.id)),
    };
  },
  (random, before) => {
    const { email } = random.of(before);
    return {
      sql: "SELECT Id FROM Customer WHERE Email = ?",
      parameters: [email],
      check: (rows, truth) => checkSet(rows, truth, (row) => row.email === email),
    };
  },
  (random) => {
    const limit = 1 + random.below(180);
    return {
      sql: `SELECT Id, Created FROM Customer ORDER BY Created DESC LIMIT ${limit}`,
      check: (rows, truth) => checkNewest(rows, truth, limit),
    };
  },
];

/** Each that was there all the time once, and none that never was. */
function checkSet(rows, { stable, ever, isWhole }, keep) {
  const ids = rows.map(({ Id }) => Id);
  requireDistinct(ids);
  const known = new Set(ever.filter(keep).map(({ id }) => id));
  const stranger = ids.find((id) => !known.has(id));
  // Of one whose answer was lost to who added it, only the name is known.
  if (stranger !== undefined && !ever.some(({ id }) => id === undefined)) throw new Error(`${stranger} is no such row`);
  if (!isWhole) return;
  const given = new Set(ids);
  const missing = stable.filter((row) => keep(row) && !given.has(row.id));
  if (missing.length > 0) throw new Error(`${missing.length} rows are missing, ${missing[0].id} among them`);
}

function checkNewest(rows, truth, limit) {
  checkSet(rows, { ...truth, isWhole: false }, () => true);
  const { stable, isWhole } = truth;
  if (rows.length > limit) throw new Error(`${rows.length} rows came of ${limit}`);
  if (!isWhole) return;
  if (rows.length < Math.min(limit, stable.length)) throw new Error(`${rows.length} rows came of ${limit}`);
  const times = rows.map(({ Created }) => Created.getTime() / 1000);
  if (times.some((time, index) => index > 0 && time > times[index - 1])) throw new Error("not newest first");
  const given = new Set(rows.map(({ Id }) => Id));
  const last = times.at(-1) ?? 0;
  const missing = stable.filter(({ id, created }) => created > last && !given.has(id));
  if (rows.length === limit && missing.length > 0) throw new Error(`${missing[0].id} is newer, and missing`);
}

function requireDistinct(ids) {
  if (new Set(ids).size !== ids.length)
    throw new Error(`a row came twice: ${ids.find((id, at) => ids.indexOf(id) < at)}`);
}
