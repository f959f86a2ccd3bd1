import type { FromItem, Query } from "../../src/syntax/expression.js";

/** The clauses of a query and its tables, without expressions: what both readers of a text must agree upon. */
export function outline(query: Query): string {
  const ctes = query.ctes.map((cte) => `with ${cte.name} {${outline(cte.query)}}`);
  const tail = [
    ...(query.orderBy.length === 0 ? [] : [`order ${query.orderBy.length}`]),
    ...(query.limit === undefined ? [] : ["limit"]),
    ...(query.offset === undefined ? [] : ["offset"]),
  ];
  if (query.kind === "set-operation") {
    return [...ctes, ...ended(combined(query.operator, outline(query.left), outline(query.right)), tail)].join(" ");
  }
  return [
    ...ctes,
    `${query.distinct ? "distinct" : "select"} ${query.items.length}`,
    ...(query.from === undefined ? [] : [`from ${outlineFrom(query.from)}`]),
    ...(query.where === undefined ? [] : ["where"]),
    ...(query.groupBy.length === 0 ? [] : [`group ${query.groupBy.length}`]),
    ...(query.having === undefined ? [] : ["having"]),
    ...tail,
  ].join(" ");
}

/** A long UNION is grouped anew: a bare UNION inside one of its kind is spelt without its braces. */
function combined(operator: string, left: string, right: string): string {
  const isAssociative = operator === "union" || operator === "union-all";
  const spelt = [left, right].map((side) =>
    isAssociative && side.startsWith(`(${operator}) `) ? side.slice(operator.length + 3) : `{${side}}`,
  );
  return `(${operator}) ${spelt.join(" ")}`;
}

/** One that is ordered or limited keeps its braces. */
function ended(operation: string, tail: readonly string[]): readonly string[] {
  return tail.length === 0 ? [operation] : [`{${operation}}`, ...tail];
}

function outlineFrom(item: FromItem): string {
  if (item.kind === "join") {
    const on = [item.on === undefined ? [] : "on", item.using].flat().map((word) => ` ${word}`);
    return `(${outlineFrom(item.left)} ${item.join} ${outlineFrom(item.right)}${on.join("")})`;
  }
  const source = item.kind === "derived" ? `{${outline(item.query)}}` : item.kind === "table" ? item.name : item.kind;
  return item.alias === undefined ? source : `${source} ${item.alias}`;
}

interface DuckQuery {
  readonly type: string;
  readonly modifiers: readonly {
    readonly type: string;
    readonly orders?: readonly unknown[];
    readonly limit?: unknown;
    readonly offset?: unknown;
  }[];
  readonly cte_map: {
    readonly map: readonly { readonly key: string; readonly value: { readonly query: { readonly node: DuckQuery } } }[];
  };
  readonly select_list?: readonly unknown[];
  readonly from_table?: DuckTable;
  readonly where_clause?: unknown;
  readonly group_expressions?: readonly unknown[];
  readonly having?: unknown;
  readonly setop_type?: string;
  readonly setop_all?: boolean;
  readonly left?: DuckQuery;
  readonly right?: DuckQuery;
}

interface DuckTable {
  readonly type: string;
  readonly alias: string;
  readonly table_name?: string;
  readonly subquery?: { readonly node: DuckQuery };
  readonly left?: DuckTable;
  readonly right?: DuckTable;
  readonly join_type?: string;
  readonly ref_type?: string;
  readonly condition?: unknown;
  readonly using_columns?: readonly string[];
}

/** The outline of what DuckDB's json_serialize_sql gives; undefined where DuckDB refuses the text. */
export function duckOutline(json: string): string | undefined {
  // DuckDB's own tree, as its version in the lock file prints it.
  const tree = JSON.parse(json) as { readonly statements?: readonly { readonly node: DuckQuery }[] };
  const node = tree.statements?.[0]?.node;
  return node === undefined ? undefined : duckQuery(node);
}

function duckQuery(query: DuckQuery): string {
  const ctes = query.cte_map.map.map(({ key, value }) => `with ${key} {${duckQuery(value.query.node)}}`);
  const order = query.modifiers.find(({ type }) => type === "ORDER_MODIFIER")?.orders?.length;
  const limit = query.modifiers.find(({ type }) => type === "LIMIT_MODIFIER");
  const tail = [
    ...(order === undefined ? [] : [`order ${order}`]),
    ...(isAbsent(limit?.limit) ? [] : ["limit"]),
    ...(isAbsent(limit?.offset) ? [] : ["offset"]),
  ];
  if (query.left !== undefined && query.right !== undefined) {
    const operator = `${query.setop_type?.toLowerCase()}${query.setop_all === true ? "-all" : ""}`;
    return [...ctes, ...ended(combined(operator, duckQuery(query.left), duckQuery(query.right)), tail)].join(" ");
  }
  return [...ctes, ...duckBlock(query), ...tail].join(" ");
}

function duckBlock(query: DuckQuery): readonly string[] {
  const distinct = query.modifiers.some(({ type }) => type === "DISTINCT_MODIFIER");
  const groups = query.group_expressions?.length ?? 0;
  return [
    `${distinct ? "distinct" : "select"} ${query.select_list?.length}`,
    ...(query.from_table === undefined || query.from_table.type === "EMPTY"
      ? []
      : [`from ${duckTable(query.from_table)}`]),
    ...(isAbsent(query.where_clause) ? [] : ["where"]),
    ...(groups === 0 ? [] : [`group ${groups}`]),
    ...(isAbsent(query.having) ? [] : ["having"]),
  ];
}

function duckTable(table: DuckTable): string {
  if (table.left !== undefined && table.right !== undefined) {
    const kind = table.ref_type === "CROSS" ? "cross" : table.join_type?.toLowerCase();
    const on = [isAbsent(table.condition) ? [] : "on", table.using_columns ?? []].flat().map((word) => ` ${word}`);
    return `(${duckTable(table.left)} ${kind} ${duckTable(table.right)}${on.join("")})`;
  }
  const source = table.subquery === undefined ? table.table_name : `{${duckQuery(table.subquery.node)}}`;
  return table.alias === "" ? String(source) : `${source} ${table.alias}`;
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined;
