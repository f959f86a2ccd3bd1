import type { Table } from "../../catalog/catalog.js";
import { readConjunction } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import type { ExpectedField } from "./scan.js";

/**
 * What the rows that matter hold of a table's own conditions: `c.Balance < 0` of Customer, whether Stripe filters by it or
 * not. A row that does not hold it leads to no other table's: what it would be joined to is never asked for. Fields of
 * API v2 are left out, as their times are texts.
 */
export function ownConditions(table: Table, predicates: readonly Predicate[]): readonly ExpectedField[] {
  if (table.schema !== "stripe") return [];
  return [...readConjunction(table, predicates).domains].flatMap(([name, domain]) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    return column === undefined || column.path.length === 0 ? [] : [{ path: column.path, domain, exact: true }];
  });
}
