import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { greatestColumn, keyColumn, leastColumn } from "../../plan/names/computed-keys.js";
import type { ComputedKeys } from "../../plan/predicate/predicate.js";
import type { Cell } from "../../value/cell.js";
import type { JsonObject } from "../../value/json.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { OutputColumn, Tuple } from "../row-source.js";

/** Failures that end the statement, whatever it could do without the keys. */
const ending: ReadonlySet<string> = new Set([SqlState.queryCanceled, SqlState.outOfMemory]);

/**
 * The values that a query over the session's tables gives, as rows: the different texts, or the range of times. Undefined
 * where they are of no such type, or where the engine cannot run the query apart from its statement.
 */
export async function computeKeys(
  session: EngineSession,
  keys: ComputedKeys,
): Promise<readonly JsonObject[] | undefined> {
  try {
    const run = await session.runTree(keys.tree);
    const found = keys.form === "texts" ? new FoundTexts() : new FoundRange(run.columns[keys.column]);
    const meant = new MeantRows(keys);
    for await (const tuples of run.batches)
      if (!tuples.every((tuple) => meant.has(tuple) && found.add(tuple[keys.column] ?? null))) break;
    return found.rows;
  } catch (error) {
    if (!(error instanceof StripeSqlError) || ending.has(error.sqlState)) throw error;
    return undefined;
  }
}

/** The rows up to a LIMIT, and those that are as far in the order as the last of them. */
class MeantRows {
  readonly #keys: ComputedKeys;
  #rows = 0;
  #last = "";

  constructor(keys: ComputedKeys) {
    this.#keys = keys;
  }

  /** False once no further row is meant. */
  has(tuple: Tuple): boolean {
    const { orderColumns, limit = Number.POSITIVE_INFINITY } = this.#keys;
    if (limit === 0) return false;
    const place = limit === Number.POSITIVE_INFINITY ? "" : placeText(tuple, orderColumns);
    if (this.#rows >= limit && place !== this.#last) return false;
    this.#rows += 1;
    this.#last = place;
    return true;
  }
}

/** Values that are gathered; `add` gives false where they are of another type. */
interface FoundValues {
  add(value: Cell): boolean;
  readonly rows: readonly JsonObject[] | undefined;
}

class FoundTexts implements FoundValues {
  readonly #texts = new Set<string>();
  #areTexts = true;

  get rows(): readonly JsonObject[] | undefined {
    return this.#areTexts ? [...this.#texts].map((key) => ({ [keyColumn]: key })) : undefined;
  }

  add(value: Cell): boolean {
    if (typeof value === "string") this.#texts.add(value);
    else if (value !== null) this.#areTexts = false;
    return this.#areTexts;
  }
}

/** Times in microseconds. Of another type, a DATE, what a time is compared with is made of it by the session's time zone. */
class FoundRange implements FoundValues {
  #areTimes: boolean;
  #least: bigint | undefined;
  #greatest: bigint | undefined;

  constructor(column: OutputColumn | undefined) {
    this.#areTimes = column?.type.kind === "TIMESTAMPTZ";
  }

  get rows(): readonly JsonObject[] | undefined {
    if (!this.#areTimes) return undefined;
    if (this.#least === undefined || this.#greatest === undefined) return [];
    const greatest = -wholeSeconds(-this.#greatest);
    return [{ [leastColumn]: String(wholeSeconds(this.#least)), [greatestColumn]: String(greatest) }];
  }

  add(value: Cell): boolean {
    if (value === null) return this.#areTimes;
    this.#areTimes &&= typeof value === "bigint" && value < infinity && value > -infinity;
    if (!this.#areTimes || typeof value !== "bigint") return false;
    if (this.#least === undefined || value < this.#least) this.#least = value;
    if (this.#greatest === undefined || value > this.#greatest) this.#greatest = value;
    return true;
  }
}

/** What stands for infinity, and for it with a minus. */
const infinity = 2n ** 63n - 1n;

/** Rounded down. */
const wholeSeconds = (micros: bigint): bigint =>
  (micros - (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;

const placeText = (tuple: Tuple, orderColumns: number): string =>
  JSON.stringify(tuple.slice(tuple.length - orderColumns), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
