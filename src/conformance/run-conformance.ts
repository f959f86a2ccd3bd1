import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Table } from "../catalog/catalog.js";
import type { Database } from "../driver/database.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { AskedServer } from "./asked-server.js";
import { checkFilter } from "./filter-checks.js";
import type { Finding, Verdict } from "./finding.js";
import { untold } from "./finding.js";
import { listChecks } from "./list-checks.js";
import { checkSearch, objectChecks } from "./object-checks.js";
import { NotMade, OwnObjects, ownMark } from "./own-objects.js";
import { Redaction } from "./redact-object.js";
import type { TableSample } from "./sampled-table.js";
import { TableSamples, tableLabel } from "./sampled-table.js";
import type { RunStatement } from "./statement-checks.js";
import { checkNewest, checkStatementById } from "./statement-checks.js";
import { writeChecks } from "./write-checks.js";

export interface ConformanceOptions {
  /** Names of tables, as SQL has them; default all. */
  readonly tables?: readonly string[] | undefined;
  /** True to write too, to objects of its own. Default false. */
  readonly write?: boolean | undefined;
  /** Folder that redacted answers are saved in. */
  readonly fixtures?: string | undefined;
  /** Default: no limit. What is not asked for its sake is untold. */
  readonly maxRequests?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a test account whether Stripe still answers as the declarations and documentation that we build on say: each
 * table's list, its filters by a row's own values, its order, pages and objects; with `write`, what writes rely on.
 * A key that may be a live one is refused before anything is sent (42501).
 */
export async function* runConformance(database: Database, options: ConformanceOptions): AsyncGenerator<Finding> {
  const session = database.session();
  if (session.describe().mode === "live") throw liveKey();
  const tables = chosenTables(database, options.tables);
  const scope = { signal: options.signal, maxRequests: options.maxRequests, count: 0 };
  const server = new AskedServer(database, scope);
  const run: RunStatement = async (sql) => {
    if (server.room < requestsOfStatement) throw noRoom(options.maxRequests);
    const result = await session.query(sql, [], { signal: options.signal });
    scope.count += result.requests;
    return result;
  };
  const samples = new TableSamples(server, (name, schema) => database.catalog.findTable(name, schema)?.table);
  const fixtures = options.fixtures === undefined ? undefined : new Fixtures(options.fixtures);
  for (const table of tables) yield* checkTable(table, { server, samples, run, fixtures });
  if (options.write === true) yield* checkWrites({ server, run });
}

/** What a statement of ours takes at most. */
const requestsOfStatement = 2;

function noRoom(maxRequests: number | undefined): StripeSqlError {
  return new StripeSqlError(`the checks need more than ${maxRequests} requests`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "stripe",
  });
}

interface Parts {
  readonly server: AskedServer;
  readonly samples: TableSamples;
  readonly run: RunStatement;
  readonly fixtures: Fixtures | undefined;
}

type NamedCheck = readonly [name: string, check: () => Promise<Verdict | undefined> | Verdict | undefined];

async function* checkTable(table: Table, parts: Parts): AsyncGenerator<Finding> {
  const label = tableLabel(table);
  let sample: TableSample | undefined;
  const listed = await toldOf(async () => {
    const sampled = await parts.samples.of(table);
    if (sampled.kind === "sample") sample = sampled.sample;
    return sampled.kind === "sample" ? { verdict: "agrees", detail: undefined } : untold(sampled.reason);
  });
  yield { table: label, check: "list", ...listed };
  if (sample === undefined) return;
  await parts.fixtures?.save(sample);
  for (const [check, perform] of tableChecks(sample, parts)) {
    const verdict = await toldOf(perform);
    if (verdict !== undefined) yield { table: label, check, ...verdict };
  }
}

function tableChecks(sample: TableSample, { server, run }: Parts): readonly NamedCheck[] {
  const { table, list } = sample;
  const ofSample = Object.entries({ ...listChecks, ...objectChecks });
  return [
    ...ofSample.map(([name, check]): NamedCheck => [name, () => check(sample, server)]),
    ...list.filters.map(
      (filter): NamedCheck => [`filter ${filter.parameter}`, () => checkFilter(filter, sample, server)],
    ),
    ...(table.search?.fields ?? []).map(
      (field): NamedCheck => [`search ${field.field}`, () => checkSearch(field, sample, server)],
    ),
    ["statement by id", () => checkStatementById(sample, run)],
    ["statement of the newest", () => checkNewest(sample, run)],
  ];
}

async function* checkWrites({ server, run }: Pick<Parts, "server" | "run">): AsyncGenerator<Finding> {
  const own = new OwnObjects(server);
  const context = { server, own, run, runName: `${ownMark} ${randomUUID()}`.replaceAll(" ", "-") };
  try {
    for (const [check, perform] of Object.entries(writeChecks))
      yield { table: "writes", check, ...(await toldOf(() => perform(context))) };
  } finally {
    const left = await own.remove();
    for (const detail of left)
      yield { table: "writes", check: "own objects are removed", verdict: "disagrees", detail };
  }
}

/** A check that could not be made to its end tells nothing; a cancellation, a wrong key and a lost connection end all. */
async function toldOf<Told extends Verdict | undefined>(check: () => Promise<Told> | Told): Promise<Told | Verdict> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof NotMade) return untold(error.message);
    if (!(error instanceof StripeSqlError)) throw error;
    if (endingStates.has(error.sqlState)) throw error;
    return error.sqlState === SqlState.upstreamError
      ? { verdict: "disagrees", detail: error.message }
      : untold(error.message);
  }
}

const endingStates: ReadonlySet<string> = new Set([
  SqlState.queryCanceled,
  SqlState.invalidAuthorization,
  SqlState.connectionFailure,
]);

/** Parents before their children, so that nothing is looked for twice. */
function chosenTables({ catalog }: Database, names: readonly string[] | undefined): readonly Table[] {
  if (names === undefined || names.length === 0) return catalog.tables();
  return names.map((name) => {
    const [table = name, schema] = name.split(".").reverse();
    const found = catalog.findTable(table, schema)?.table;
    if (found !== undefined) return found;
    throw new StripeSqlError(`relation "${name}" does not exist`, {
      sqlState: SqlState.undefinedTable,
      phase: "plan",
      hint: "SHOW TABLES lists the tables.",
    });
  });
}

function liveKey(): StripeSqlError {
  return new StripeSqlError("conformance is for test keys alone", {
    sqlState: SqlState.insufficientPrivilege,
    phase: "connect",
    detail: "The key of this connection is a live one, or is not known yet as it is a secret. Nothing was sent.",
    hint: "Set ApiKey to a key that begins with sk_test_ or rk_test_, or use --sandbox.",
  });
}

/** Answers without what is personal, for tests that need no account. */
class Fixtures {
  readonly #redaction = new Redaction();

  constructor(private readonly folder: string) {}

  async save({ table, path, list, rows }: TableSample): Promise<void> {
    const [row] = rows;
    if (row === undefined) return;
    await mkdir(this.folder, { recursive: true });
    const fixture = {
      table: tableLabel(table),
      call: list.sdkMethod,
      path: list.path,
      row: this.#redaction.object(table, row),
    };
    const isNested = path !== list.path;
    const text = `${JSON.stringify({ ...fixture, nested: isNested }, null, 2)}\n`;
    await writeFile(join(this.folder, `${tableLabel(table)}.json`), text);
  }
}
