import { describe, expect, it } from "vitest";
import type { Column, PseudoColumn, Table } from "../../../src/catalog/catalog.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { planAccess } from "../../../src/plan/access/access-path.js";
import { findAnyColumn } from "../../../src/plan/predicate/conjunction.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import type { Access } from "../../../src/plan/scan/scan.js";
import { accessesOf } from "../../../src/plan/scan/scan.js";
import { encodeQuery } from "../../../src/stripe/encode-query.js";
import { declaredParameters } from "../../catalog/declared-parameters.js";
import { accessRequestOf, sharedCatalog } from "../../support/planning.js";

const declared = declaredParameters();
const tables = sharedCatalog().tables();

/** What a request may hold beside what its call declares: bounds, and places in a list of values. */
const bounds = /\[(gte|lte|gt|lt|\d+)\]$/;

function conditionsOn(table: Table): readonly Predicate[] {
  const filtered = table.lists.flatMap(({ filters, parents }) => [...filters, ...parents].map(({ column }) => column));
  const keys = table.retrieve?.keys.map(({ column }) => column) ?? [];
  const general = table.pseudoColumns.map(({ name }) => name);
  return [...new Set([...filtered, ...keys, ...general])].flatMap((name) => {
    const column = findAnyColumn(table, name);
    return column === undefined ? [] : conditionOn(column);
  });
}

function conditionOn({ name, type, enumValues }: Column | PseudoColumn): readonly Predicate[] {
  if (type === "TIMESTAMPTZ") {
    const value = { type: "timestamp", seconds: 1_750_000_000, clock: false } as const;
    return [{ kind: "compare", column: name, operator: ">=", value }];
  }
  if (type === "BOOLEAN")
    return [{ kind: "compare", column: name, operator: "=", value: { type: "boolean", value: true } }];
  if (type === "BIGINT")
    return [{ kind: "compare", column: name, operator: "=", value: { type: "number", value: 5, text: "5" } }];
  const texts = enumValues?.slice(0, 2) ?? ["one", "two"];
  return [{ kind: "any-of", column: name, values: texts.map((value) => ({ type: "string", value })) }];
}

function pairsOf(conditions: readonly Predicate[]): readonly (readonly Predicate[])[] {
  return conditions.flatMap((one, index) => conditions.slice(index + 1).map((other) => [one, other]));
}

const includesOf = ({ columns }: Table): readonly (readonly string[])[] =>
  [...new Set(columns.filter(({ includable }) => includable).flatMap(({ path }) => path.slice(0, 1)))].map((field) => [
    field,
  ]);

/** Every access of a wish; none where no request can answer it, which is refused. */
function accessesFor(table: Table, predicates: readonly Predicate[]): readonly Access[] {
  try {
    const plain = planAccess(accessRequestOf(table, predicates));
    const including = planAccess(accessRequestOf(table, predicates, { includes: includesOf(table) }));
    return [plain, including]
      .flatMap(({ scan, feeds }) => [scan, ...feeds.map((feed) => feed.scan)])
      .flatMap(accessesOf);
  } catch (error) {
    if (error instanceof StripeSqlError && error.sqlState === "0A000") return [];
    throw error;
  }
}

function namesSent({ parameters, bindings, path }: Access): readonly string[] {
  const bound = bindings.map(({ target }) => target).filter((target) => !path.includes(`{${target}}`));
  const encoded = encodeQuery(parameters);
  const names = encoded === "" ? [] : encoded.split("&").map((pair) => decodeURIComponent(pair.split("=")[0] ?? ""));
  return [...names, ...bound];
}

function problemsOf(access: Access): readonly string[] {
  const { endpoint } = access;
  const place = `GET ${endpoint.path.replace(/\{[^}]*\}/g, "{}")}`;
  const known = declared.get(place);
  const names = namesSent(access);
  // Two calls have declarations of a layout of their own, which the reader of the text does not know.
  const undeclared =
    known === undefined || known.size === 0 ? [] : names.filter((name) => !known.has(name.replace(bounds, "")));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...undeclared.map((name) => `${place} takes no ${name}`),
    ...twice.map((name) => `${place} has ${name} twice`),
  ];
}

describe("a request", () => {
  it("of every way to read every table holds what its call declares, and nothing twice", () => {
    const accesses = tables.flatMap((table) => {
      const conditions = conditionsOn(table);
      const wishes = [[], ...conditions.map((one) => [one]), ...pairsOf(conditions)];
      return wishes.flatMap((wish) => accessesFor(table, wish));
    });
    expect(accesses.length).toBeGreaterThan(5000);
    expect([...new Set(accesses.flatMap(problemsOf))]).toEqual([]);
  });

  it("is compared with what the SDK declares for nearly every list", () => {
    expect(declared.get("GET /v1/checkout/sessions")).toContain("customer_details[email]");
    expect(declared.get("GET /v2/core/accounts")).toContain("closed");
    const lists = tables.flatMap((table) => table.lists.map(({ path }) => `GET ${path.replace(/\{[^}]*\}/g, "{}")}`));
    expect(lists.filter((place) => !declared.has(place))).toEqual(["GET /v2/core/events"]);
  });
});
