import { afterAll } from "vitest";
import type { Catalog, Table } from "../../src/catalog/catalog.js";
import { planAccess } from "../../src/plan/access/access-path.js";
import type { AccessRequest } from "../../src/plan/access/candidate.js";
import { noStatistics } from "../../src/plan/cost/statistics.js";
import type { Predicate, Verdict } from "../../src/plan/predicate/predicate.js";
import type { Scalar } from "../../src/plan/predicate/scalar.js";
import type { Access, Scan, Scanned } from "../../src/plan/scan/scan.js";
import { accessesOf, sourceOf } from "../../src/plan/scan/scan.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import { parseTimestampSeconds } from "../../src/value/timestamp.js";

/** 2026-03-31 12:00:00 UTC: the day of a month that no shorter month has. */
export const planningTime = Date.UTC(2026, 2, 31, 12) / 1000;

let shared: Catalog | undefined;

/** The catalog of the installed SDK, opened once for a test file. */
export function sharedCatalog(): Catalog {
  shared ??= openCatalog();
  return shared;
}

afterAll(() => {
  shared?.close();
  shared = undefined;
});

export function tableNamed(name: string, schema?: string): Table {
  const match = sharedCatalog().findTable(name, schema);
  if (match === undefined) throw new Error(`no table ${name}`);
  return match.table;
}

/** What the access rules make of a conjunction of predicates. */
export interface JudgedAccess {
  readonly scan: Scan["kind"];
  readonly limit: number | undefined;
  /** "GET /v1/charges?customer=cus_1", a nested list with " for each of " its parent's. */
  readonly requests: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly newestFirst: boolean;
  readonly notices: readonly string[];
}

/** A wish for all rows of a table that satisfy the predicates. */
export function accessRequestOf(
  table: Table,
  predicates: readonly Predicate[],
  changes: Partial<AccessRequest> = {},
): AccessRequest {
  return {
    table,
    predicates,
    order: "any",
    limit: undefined,
    includes: [],
    expands: [],
    pushdown: true,
    search: "off",
    without: new Set(),
    closedEnumsHold: true,
    ancestors: [],
    findTable: (name, schema) => sharedCatalog().findTable(name, schema)?.table,
    statistics: noStatistics,
    now: () => 1_793_491_200,
    findRelation: () => undefined,
    ...changes,
  };
}

export function accessTo(
  table: string | Table,
  predicates: readonly Predicate[],
  changes: Partial<AccessRequest> = {},
): JudgedAccess {
  const found = typeof table === "string" ? tableNamed(table) : table;
  const answer = planAccess(accessRequestOf(found, predicates, changes));
  return {
    scan: answer.scan.kind,
    limit: answer.scan.kind === "exact" ? answer.scan.limit : undefined,
    requests: requestsOf(answer.scan, answer.feeds),
    verdicts: answer.verdicts,
    newestFirst: answer.newestFirst,
    notices: answer.notices,
  };
}

/** The first request of each access of a scan; of one that takes values from a feed, for each of the feed's. */
export function requestsOf(scan: Scan, feeds: readonly Scanned[] = []): readonly string[] {
  return accessesOf(scan).flatMap((access) => {
    const feed = feeds.find(({ id }) => id === sourceOf(access));
    const own = requestLine(access);
    return feed === undefined ? [own] : requestsOf(feed.scan, feeds).map((line) => `${own} for each of ${line}`);
  });
}

function requestLine(access: Access): string {
  const query = Object.entries(access.parameters).map(
    ([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
  const account = access.accountId === undefined ? "" : ` as ${access.accountId}`;
  return `GET ${access.path}${query.length === 0 ? "" : `?${query.join("&")}`}${account}`;
}

export const equal = (column: string, value: string | number | boolean): Predicate => ({
  kind: "compare",
  column,
  operator: "=",
  value:
    typeof value === "string"
      ? { type: "string", value }
      : typeof value === "number"
        ? { type: "number", value, text: String(value) }
        : { type: "boolean", value },
});

export const among = (column: string, ...values: readonly string[]): Predicate => ({
  kind: "any-of",
  column,
  values: values.map((value) => ({ type: "string", value })),
});

export const compared = (
  column: string,
  operator: Extract<Predicate, { kind: "compare" }>["operator"],
  value: string,
): Predicate => ({ kind: "compare", column, operator, value: timeOrText(value) });

/** As a text is read where its column is one of times. */
export function timeOrText(text: string): Scalar {
  const seconds = parseTimestampSeconds(text);
  return seconds === undefined ? { type: "string", value: text } : { type: "timestamp", seconds, clock: false, text };
}

export const opaque = (...columns: readonly string[]): Predicate => ({ kind: "opaque", columns });
