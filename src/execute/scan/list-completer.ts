import { accountColumn } from "../../plan/access/account-rule.js";
import { accessesOf } from "../../plan/scan/scan.js";
import type { ScanColumn, ScanRelation } from "../../plan/select/select-plan.js";
import { listPages } from "../../stripe/pager.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { unexpectedAnswer } from "./doubtful-answer.js";
import type { RowBatch } from "./row-batch.js";
import { rowsOf } from "./row-check.js";
import { allInTurn } from "./side-by-side.js";

/**
 * Stripe gives a list within an object up to its first ten rows. One that the statement names is read to its end; of
 * one that comes along with `*` or `_json` a notice says that it may be cut.
 * Source: https://docs.stripe.com/api/invoices/object#invoice_object-lines
 */
export function listCompleter(relation: ScanRelation, context: StatementContext): ListCompleter {
  const paths = listPaths(relation);
  const { named, passing } = paths;
  if (named.length + passing.length === 0) return { complete: (batch) => Promise.resolve(batch), end: () => undefined };
  const counted = new CompletedCounts(relation, named);
  return {
    complete: async (batch) => {
      for (const { name, path } of passing) {
        if (!batch.objects.some((object) => cutList(object, path) !== undefined)) continue;
        context.notice(
          `${relation.table.name}.${name} holds only the first rows of some objects' lists; a statement that names the column has them all`,
        );
      }
      counted.objects += batch.objects.length;
      if (!batch.objects.some((object) => named.some(({ path }) => cutList(object, path) !== undefined))) return batch;
      const complete = (object: JsonObject, run: StatementContext) =>
        completed(object, { named, batch, context: run, counted });
      return { ...batch, objects: await allInTurn(batch.objects, complete, context) };
    },
    end: () => counted.tell(context),
  };
}

export interface ListCompleter {
  readonly complete: (batch: RowBatch) => Promise<RowBatch>;
  /** Told once the relation has been read to its end. */
  readonly end: () => void;
}

/** What it takes to complete the lists of so many objects, by column. */
class CompletedCounts {
  objects = 0;
  readonly #relation: ScanRelation;
  readonly #requests: Map<string, number>;

  constructor(relation: ScanRelation, named: readonly ListPath[]) {
    this.#relation = relation;
    this.#requests = new Map(named.map(({ name }) => [name, 0]));
  }

  request({ name }: ListPath): void {
    this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1);
  }

  tell({ learn }: StatementContext): void {
    const { table, scan } = this.#relation;
    const [access] = accessesOf(scan);
    if (access === undefined || this.objects === 0) return;
    for (const [name, requests] of this.#requests) {
      const fact = { objects: this.objects, requests };
      learn(rowsOf({ table, access }), { kind: "completed", name, fact, isPassing: false });
    }
  }
}

interface ListPath {
  readonly name: string;
  readonly path: readonly string[];
}

/** Of the columns that hold a list: those that the statement names, and those that it takes along. */
function listPaths({ columns, table }: ScanRelation): { named: readonly ListPath[]; passing: readonly ListPath[] } {
  const named = new Set<ListColumn>();
  const passing = new Set<ListColumn>();
  for (const { column, named: isNamed } of columns) {
    const isWhole = isNamed && column.kind === "column" && column.hidden && column.path.length === 0;
    const lists = (isWhole ? table.columns : [column]).filter(isList);
    for (const list of lists) (isNamed && !isWhole ? named : passing).add(list);
  }
  for (const column of named) passing.delete(column);
  return { named: [...named], passing: [...passing] };
}

type ListColumn = Extract<ScanColumn["column"], { kind: "column" }>;

function isList(column: ScanColumn["column"]): column is ListColumn {
  return column.kind === "column" && column.jsonShape === "list" && column.path.length > 0;
}

/** The list at a path, where more rows follow than it holds. */
function cutList(object: JsonObject, path: readonly string[]): JsonObject | undefined {
  const list = path.length === 1 ? object[path[0] ?? ""] : jsonAt(object, path);
  return isJsonObject(list) && list["has_more"] === true ? list : undefined;
}

interface Completion {
  readonly named: readonly ListPath[];
  readonly batch: RowBatch;
  readonly context: StatementContext;
  readonly counted: CompletedCounts;
}

async function completed(object: JsonObject, completion: Completion): Promise<JsonObject> {
  let whole = object;
  for (const path of completion.named) {
    const list = cutList(object, path.path);
    if (list !== undefined) whole = withList(whole, path.path, await wholeList(list, path, completion));
  }
  return whole;
}

async function wholeList(
  list: JsonObject,
  column: ListPath,
  { batch: { constants }, context, counted }: Completion,
): Promise<JsonObject> {
  const { data, url } = list;
  const rows: readonly Json[] = Array.isArray(data) ? data : [];
  const last = rows.at(-1);
  const after = isJsonObject(last) ? last["id"] : undefined;
  const [path = "", query = ""] = typeof url === "string" ? url.split("?", 2) : [];
  if (!path.startsWith("/v1/") || typeof after !== "string")
    throw unexpectedAnswer(path, "A list within an object has more rows, and does not say where.");
  const account = constants[accountColumn];
  const call = {
    path,
    parameters: { ...Object.fromEntries(new URLSearchParams(query)), starting_after: after },
    accountId: typeof account === "string" ? account : undefined,
    budget: "read",
    pagination: "cursor",
    pageSize: 100,
    readAll: true,
  } as const;
  const more: Json[] = [];
  for await (const page of listPages(context.client, call, context.scope)) {
    counted.request(column);
    more.push(...page.rows);
  }
  return { ...list, data: [...rows, ...more], has_more: false };
}

function withList(object: JsonObject, [first = "", ...rest]: readonly string[], list: JsonObject): JsonObject {
  const inner = object[first];
  const value = rest.length === 0 || !isJsonObject(inner) ? list : withList(inner, rest, list);
  return { ...object, [first]: value };
}
