import type { ListEndpoint, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AskedServer, ServerAnswer } from "./asked-server.js";
import { answerText } from "./asked-server.js";

/** A page of a table's rows, and the list that gave it. */
export interface TableSample {
  readonly table: Table;
  readonly list: ListEndpoint;
  /** With parents' ids filled in. */
  readonly path: string;
  /** What makes the list mean the table, or the part of it that has rows. */
  readonly parameters: JsonObject;
  readonly answer: JsonObject;
  readonly rows: readonly JsonObject[];
  /** True where the answer says that more rows follow. */
  readonly hasMore: boolean;
  /** The parents' ids by column of the table. */
  readonly parents: Readonly<Record<string, string>>;
}

export type Sampled =
  | { readonly kind: "sample"; readonly sample: TableSample }
  | { readonly kind: "refused" | "none"; readonly reason: string };

/** Rows of a page looked at. */
const sampleSize = 20;
/** Parents tried for one that has children. */
const parentsTried = 5;

export const tableLabel = ({ schema, name }: Pick<Table, "schema" | "name">): string =>
  schema === "v2" ? `v2.${name}` : name;

/** Samples of tables, each read once: children look for their parents among them. */
export class TableSamples {
  readonly #known = new Map<string, Promise<Sampled>>();

  constructor(
    private readonly server: AskedServer,
    private readonly findTable: (name: string, schema: string) => Table | undefined,
  ) {}

  of(table: Table): Promise<Sampled> {
    const label = tableLabel(table);
    const known = this.#known.get(label);
    if (known !== undefined) return known;
    const sampled = this.#sample(table);
    this.#known.set(label, sampled);
    return sampled;
  }

  async #sample(table: Table): Promise<Sampled> {
    const [list] = table.lists;
    if (list === undefined) return { kind: "none", reason: "it has no list" };
    const required = list.filters.find((filter) => filter.required);
    if (required !== undefined) return { kind: "none", reason: `its list demands ${required.parameter}` };
    if (list.parents.length === 0) return this.#firstWithRows(table, list, [{}]);
    const keys = await this.#parentKeys(table, list);
    return typeof keys === "string" ? { kind: "none", reason: keys } : this.#firstWithRows(table, list, keys);
  }

  /** Keys by column, for each of the parents that may be tried; else why there are none. */
  async #parentKeys(
    table: Table,
    { parents }: ListEndpoint,
  ): Promise<readonly Readonly<Record<string, string>>[] | string> {
    const [parent, another] = parents;
    if (parent === undefined || another !== undefined) return "it has parents of parents";
    const parentTable = this.findTable(parent.table, table.schema);
    if (parentTable === undefined) return `no table ${parent.table}`;
    const sampled = await this.of(parentTable);
    if (sampled.kind !== "sample") return `no ${parent.table}: ${sampled.reason}`;
    const ids = sampled.sample.rows.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
    return ids.slice(0, parentsTried).map((id) => ({ [parent.column]: id }));
  }

  async #firstWithRows(
    table: Table,
    list: ListEndpoint,
    keys: readonly Readonly<Record<string, string>>[],
  ): Promise<Sampled> {
    let last: Sampled = { kind: "none", reason: "no rows" };
    for (const parents of keys) {
      for (const partition of list.partitions ?? [{}]) {
        last = await this.#page({ table, list, parents, parameters: { ...list.baseParameters, ...partition } });
        if (last.kind === "sample" && last.sample.rows.length > 0) return last;
      }
    }
    return last;
  }

  async #page(part: Pick<TableSample, "table" | "list" | "parents" | "parameters">): Promise<Sampled> {
    const { list, parents, parameters } = part;
    const path = filledPath(list.path, (placeholder) => {
      const key = list.parents.find((parent) => parent.placeholder === placeholder);
      return key === undefined ? undefined : parents[key.column];
    });
    const answer = await this.server.get(path, { ...parameters, ...limitOf(list, sampleSize) });
    if (answer.kind === "refused") return { kind: "refused", reason: answerText(answer) };
    const { object } = answer;
    return {
      kind: "sample",
      sample: { ...part, path, answer: object, rows: rowsOf(list, object), hasMore: hasMore(object) },
    };
  }
}

/** A limit, where the list takes one. */
export function limitOf({ pagination, maximumPageSize }: ListEndpoint, limit: number): JsonObject {
  return pagination === "none" || pagination === "singleton" ? {} : { limit: Math.min(limit, maximumPageSize) };
}

function rowsOf(list: ListEndpoint, answer: JsonObject): readonly JsonObject[] {
  if (list.pagination === "singleton") return [answer];
  const data = answer["data"];
  return Array.isArray(data) ? data.filter((row: Json) => isJsonObject(row)) : [];
}

export function hasMore(answer: JsonObject): boolean {
  return answer["has_more"] === true || typeof answer["next_page_url"] === "string";
}

/** A path with its placeholders filled in; one without a value is left. */
export function filledPath(path: string, fill: (placeholder: string) => string | undefined): string {
  return path.replace(/\{(\w+)\}/g, (whole, placeholder: string) => {
    const value = fill(placeholder);
    return value === undefined ? whole : encodeURIComponent(value);
  });
}

/** The rows of an answer of the same list. */
export function answeredRows(list: ListEndpoint, answer: ServerAnswer): readonly JsonObject[] | undefined {
  return answer.kind === "object" ? rowsOf(list, answer.object) : undefined;
}
