import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ComputedKeys } from "../../plan/predicate/predicate.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { Tuple } from "../row-source.js";

/** Failures that end the statement, whatever it could do without the keys. */
const ending: ReadonlySet<string> = new Set([SqlState.queryCanceled, SqlState.outOfMemory]);

/**
 * The different texts that a query over the session's tables gives. Undefined where they are no texts, or where the engine
 * cannot run the query apart from its statement.
 */
export async function computeKeys(session: EngineSession, keys: ComputedKeys): Promise<readonly string[] | undefined> {
  try {
    const run = await session.runTree?.(keys.tree);
    if (run === undefined) return undefined;
    const found = new FoundKeys(keys);
    for await (const tuples of run.batches) if (!tuples.every((tuple) => found.add(tuple))) break;
    return found.texts;
  } catch (error) {
    if (!(error instanceof StripeSqlError) || ending.has(error.sqlState)) throw error;
    return undefined;
  }
}

/** Values of rows up to a LIMIT, and of those that are as far in the order as the last of them. */
class FoundKeys {
  readonly #keys: ComputedKeys;
  readonly #texts = new Set<string>();
  #rows = 0;
  #last = "";
  #areTexts = true;

  constructor(keys: ComputedKeys) {
    this.#keys = keys;
  }

  get texts(): readonly string[] | undefined {
    return this.#areTexts ? [...this.#texts] : undefined;
  }

  /** False once no further row is meant. */
  add(tuple: Tuple): boolean {
    const { column, orderColumns, limit = Number.POSITIVE_INFINITY } = this.#keys;
    if (limit === 0) return false;
    const place = limit === Number.POSITIVE_INFINITY ? "" : placeText(tuple, orderColumns);
    if (this.#rows >= limit && place !== this.#last) return false;
    this.#rows += 1;
    this.#last = place;
    const value = tuple[column] ?? null;
    if (typeof value === "string") this.#texts.add(value);
    else if (value !== null) this.#areTexts = false;
    return this.#areTexts;
  }
}

const placeText = (tuple: Tuple, orderColumns: number): string =>
  JSON.stringify(tuple.slice(tuple.length - orderColumns), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
