import type { FieldFinding } from "../../plan/access/field-test.js";
import { fieldTest } from "../../plan/access/field-test.js";
import type { Access, ListAccess } from "../../plan/access/scan.js";
import { accessesOf } from "../../plan/access/scan.js";
import type { ScanRelation } from "../../plan/select/select-plan.js";
import type { JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import { rowIdentity } from "./distinct-rows.js";
import type { RowBatch } from "./row-batch.js";
import { momentOf } from "./row-check.js";

/** More than these are not kept in mind: a stream's memory is to stay flat. */
const maximumKept = 100_000;

/**
 * The objects whose rows have gone out, as long as a plan relies on what Stripe promises: a statement that is planned
 * anew midway gives each once.
 */
export class DeliveredRows {
  readonly #keys = new Set<string>();
  #isWhole = true;
  #order: DeliveredOrder | undefined;

  add(relation: ScanRelation, batch: RowBatch): void {
    const lists = accessesOf(relation.scan).filter(reliesOnStripe);
    if (lists.length === 0) return;
    const identify = rowIdentity(relation.table);
    this.#isWhole &&= identify !== undefined && this.#keys.size + batch.objects.length <= maximumKept;
    if (identify === undefined || !this.#isWhole) return;
    for (const object of batch.objects) {
      const key = identify(object, batch.constants);
      if (key !== undefined) this.#keys.add(key);
    }
    this.#order = deliveredOrder(lists, batch) ?? this.#order;
  }

  /** False where a statement that gave these cannot be planned anew. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The rows that have not gone out yet; undefined where one of them should have, before others that did. */
  rest({ table }: ScanRelation, batch: RowBatch): RowBatch | undefined {
    const identify = this.#keys.size === 0 ? undefined : rowIdentity(table);
    if (identify === undefined) return batch;
    const objects = batch.objects.filter((object) => !this.#keys.has(identify(object, batch.constants) ?? ""));
    const order = this.#order;
    return order !== undefined && objects.some((object) => isLate(object, order)) ? undefined : { ...batch, objects };
  }
}

interface DeliveredOrder {
  readonly path: readonly string[];
  /** Of the last row that went out. */
  readonly moment: number;
  /** What the rows were asked to hold. */
  readonly tests: readonly ((object: JsonObject) => FieldFinding)[];
}

function reliesOnStripe(access: Access): access is ListAccess {
  return access.kind === "list" && (access.filters.length > 0 || access.newestFirstBy !== undefined);
}

function deliveredOrder([list]: readonly ListAccess[], { objects }: RowBatch): DeliveredOrder | undefined {
  const path = list?.newestFirstBy;
  const last = objects.at(-1);
  const moment = path && last && momentOf(jsonAt(last, path));
  if (path === undefined || moment === undefined) return undefined;
  const tests = list?.filters.flatMap(({ expected }) => (expected === undefined ? [] : [fieldTest(expected)])) ?? [];
  return { path, moment, tests };
}

function isLate(object: JsonObject, { path, moment, tests }: DeliveredOrder): boolean {
  const own = momentOf(jsonAt(object, path));
  return own !== undefined && own > moment && tests.every((find) => find(object) !== "broken");
}
