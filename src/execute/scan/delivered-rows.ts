import type { FieldFinding } from "../../plan/scan/field-test.js";
import { fieldTest } from "../../plan/scan/field-test.js";
import type { Access, ListAccess } from "../../plan/scan/scan.js";
import { accessesOf } from "../../plan/scan/scan.js";
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
  /** Of the plan that is running: looked up by none, so that no set is made of them. */
  #keys: string[] = [];
  /** Of the plans before it. */
  readonly #earlier = new Set<string>();
  readonly #collectors = new Map<ScanRelation, Collector | undefined>();
  #isWhole = true;
  #order: DeliveredOrder | undefined;

  add(relation: ScanRelation, batch: RowBatch): void {
    if (!this.#collectors.has(relation)) this.#collectors.set(relation, collectorFor(relation));
    const collector = this.#collectors.get(relation);
    if (collector === undefined || !this.#isWhole) return;
    const { identify, order } = collector;
    this.#isWhole = identify !== undefined && this.#count + batch.objects.length <= maximumKept;
    if (identify === undefined || !this.#isWhole) return;
    for (const object of batch.objects) {
      const key = identify(object, batch.constants);
      if (key !== undefined) this.#keys.push(key);
    }
    const moment = order && momentOfLast(batch, order);
    if (order !== undefined && moment !== undefined) this.#order = { ...order, moment };
  }

  /** Tells that a new plan of the statement begins, which is not to give them again. */
  replan(): void {
    for (const key of this.#keys) this.#earlier.add(key);
    this.#keys = [];
    this.#collectors.clear();
  }

  get #count(): number {
    return this.#earlier.size + this.#keys.length;
  }

  /** False where a statement that gave these cannot be planned anew. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The rows that no earlier plan gave; undefined where one of them should have gone out before others that did. */
  rest({ table }: ScanRelation, batch: RowBatch): RowBatch | undefined {
    const identify = this.#earlier.size === 0 ? undefined : rowIdentity(table);
    if (identify === undefined) return batch;
    const objects = batch.objects.filter((object) => !this.#earlier.has(identify(object, batch.constants) ?? ""));
    const order = this.#order;
    return order !== undefined && objects.some((object) => isLate(object, order)) ? undefined : { ...batch, objects };
  }
}

/** How a relation's rows are told apart, and how they are ordered where that is relied on. */
interface Collector {
  readonly identify: ReturnType<typeof rowIdentity>;
  readonly order: ReliedOrder | undefined;
}

/** Undefined for a relation that relies on nothing. */
function collectorFor({ table, scan }: ScanRelation): Collector | undefined {
  const list = accessesOf(scan).find(reliesOnStripe);
  return list && { identify: rowIdentity(table), order: reliedOrder(list) };
}

interface ReliedOrder {
  readonly path: readonly string[];
  /** What the rows were asked to hold. */
  readonly tests: readonly ((object: JsonObject) => FieldFinding)[];
}

interface DeliveredOrder extends ReliedOrder {
  /** Of the last row that went out. */
  readonly moment: number;
}

function reliesOnStripe(access: Access): access is ListAccess {
  return access.kind === "list" && (access.filters.length > 0 || access.newestFirstBy !== undefined);
}

function reliedOrder({ newestFirstBy: path, filters }: ListAccess): ReliedOrder | undefined {
  const tests = filters.flatMap(({ expected }) => (expected === undefined ? [] : [fieldTest(expected)]));
  return path && { path, tests };
}

function momentOfLast({ objects }: RowBatch, { path }: ReliedOrder): number | undefined {
  const last = objects.at(-1);
  return last && momentOf(jsonAt(last, path));
}

function isLate(object: JsonObject, { path, moment, tests }: DeliveredOrder): boolean {
  const own = momentOf(jsonAt(object, path));
  return own !== undefined && own > moment && tests.every((find) => find(object) !== "broken");
}
