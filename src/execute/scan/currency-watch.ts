import { relationKey } from "../../plan/names/relation.js";
import type { CurrencySum } from "../../plan/select/currency-sums.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import { jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import type { RowBatch } from "./row-batch.js";

/** Looks at the currencies of rows that a statement adds up, and tells where there are several. */
export class CurrencyWatch {
  readonly #watched: readonly WatchedSum[];

  constructor({ currencySums }: Pick<SelectPlan, "currencySums">) {
    this.#watched = currencySums.map((sum) => ({ sum, seen: new Map(), mixed: new Set(), isExact: false }));
  }

  see(relation: ScanRelation, { objects }: RowBatch): void {
    for (const watched of this.#watched) {
      if (watched.sum.relation !== relationKey(relation)) continue;
      watched.isExact = relation.scan.kind !== "inexact";
      for (const object of objects) lookAt(watched, object);
    }
  }

  tell({ notice }: Pick<StatementContext, "notice">): void {
    for (const { sum, mixed, isExact } of this.#watched) {
      if (mixed.size === 0) continue;
      const currencies = listed([...mixed].sort());
      notice(
        sum.isCertain && isExact
          ? `${sum.shown} adds amounts in ${currencies} together: group by Currency, or fix it by a condition`
          : `${sum.shown} may add amounts of several currencies together: those that were read are in ${currencies}`,
      );
    }
  }
}

interface WatchedSum {
  readonly sum: CurrencySum;
  /** The first currency of each group. */
  readonly seen: Map<string, string>;
  /** Currencies that a group has several of. */
  readonly mixed: Set<string>;
  isExact: boolean;
}

function lookAt({ sum, seen, mixed }: WatchedSum, object: RowBatch["objects"][number]): void {
  const currency = jsonAt(object, sum.currency.path);
  if (typeof currency !== "string") return;
  const group = JSON.stringify(sum.groups.map(({ path }) => jsonAt(object, path) ?? null));
  const first = seen.get(group);
  if (first === undefined) seen.set(group, currency);
  else if (first !== currency) mixed.add(first).add(currency);
}

const namedCurrencies = 5;

/** "eur, jpy and usd" */
function listed(currencies: readonly string[]): string {
  const named = currencies.slice(0, namedCurrencies);
  const more = currencies.length - named.length;
  const last = more > 0 ? `${more} more` : named.pop();
  return `${named.join(", ")} and ${last}`;
}
