import { isOfKey, keyedName, listParameters, nameOf } from "../../plan/cost/list-text.js";
import type { Access, ListAccess, Scanned } from "../../plan/scan/scan.js";
import { isBounded } from "../../plan/scan/scan.js";
import type { StatementContext } from "../statement-context.js";
import { rowsOf } from "./row-check.js";

/** What one access was asked for by the keys of another relation. */
export interface KeyTally {
  sourceRows: number;
  keys: number;
  /** Keys for which there was something to ask. */
  asked: number;
  requests: number;
  rows: number;
}

/**
 * The keys that a relation has been asked for: a value that several rows hold leads to one request. Beside them, what
 * came of them, for later estimates.
 */
export class KeysAsked {
  readonly #values: Set<string>;
  readonly #tallies = new Map<Access, { readonly tally: KeyTally; readonly source: Scanned }>();

  /** @param asked What is asked for without waiting: it counts as asked. */
  constructor(asked: ReadonlySet<string> = new Set()) {
    this.#values = new Set(asked);
  }

  /** True the first time. */
  isNew(values: string): boolean {
    const before = this.#values.size;
    return this.#values.add(values).size > before;
  }

  of(access: Access, source: Scanned): KeyTally {
    const known = this.#tallies.get(access);
    if (known !== undefined) return known.tally;
    const tally: KeyTally = { sourceRows: 0, keys: 0, asked: 0, requests: 0, rows: 0 };
    this.#tallies.set(access, { tally, source });
    return tally;
  }

  /** Told once all keys have come, and all that there was to ask for them. */
  end({ table }: Pick<Scanned, "table">, { learn }: StatementContext): void {
    for (const [access, { tally, source }] of this.#tallies) {
      // What one bound left says nothing of another's.
      if (tally.keys === 0 || isBounded(access)) continue;
      const of = rowsOf({ table, access });
      const name = keyedName(access, source.table.name);
      learn(of, { kind: "keyed", name, fact: { ...tally }, isPassing: false });
      if (access.kind === "list" && isMean(access) && tally.asked > 0) {
        const { asked: lists, rows, requests } = tally;
        learn(of, {
          kind: "mean",
          name: nameOf(listParameters(access)),
          fact: { lists, rows, requests },
          isPassing: false,
        });
      }
    }
  }
}

/** Of what came along with the rows that hold the keys, the lists tell but the rest. */
const isMean = (access: ListAccess): boolean => access.embeddedAt === undefined && isOfKey(listParameters(access));
