import type { Doubt, DoubtReason, ReliedOn, RowsOf } from "../plan/cost/statistics.js";

/** What is remembered beyond the statement. */
export interface KeptDoubts {
  reason(of: RowsOf, relied: string): Doubt["reason"] | undefined;
  keep(of: RowsOf, relied: string, reason: Doubt["reason"]): void;
}

/**
 * What one statement does not rely on: what earlier ones found, what its own answers gave reason to, and of a list that
 * contradicted one of its requests, all else.
 */
export class StatementDoubts {
  readonly #kept: KeptDoubts;
  readonly #found = new Map<string, Doubt["reason"]>();
  readonly #contradicting = new Set<string>();

  constructor(kept: KeptDoubts) {
    this.#kept = kept;
  }

  reasonOf(of: RowsOf, relied: ReliedOn): DoubtReason | undefined {
    const name = nameOf(relied);
    const found = this.#found.get(keyOf(of, name)) ?? this.#kept.reason(of, name);
    return found ?? (this.#contradicting.has(keyOf(of, "")) ? "unproven" : undefined);
  }

  /** False where it was found before. */
  add({ of, relied, reason, lasting }: Doubt): boolean {
    const name = nameOf(relied);
    const key = keyOf(of, name);
    if (this.#found.has(key)) return false;
    this.#found.set(key, reason);
    if (reason === "contradicted") this.#contradicting.add(keyOf(of, ""));
    if (lasting) this.#kept.keep(of, name, reason);
    return true;
  }
}

/** No parameter of Stripe's is written in capitals. */
function nameOf(relied: ReliedOn): string {
  switch (relied.kind) {
    case "filter":
      return relied.parameter;
    case "order":
      return "ORDER BY";
    case "search":
      return "SEARCH";
  }
}

function keyOf({ schema, table, accountId }: RowsOf, name: string): string {
  return JSON.stringify([schema, table, accountId ?? null, name]);
}
