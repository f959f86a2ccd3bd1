import type { Table } from "../catalog/catalog.js";
import { ageText } from "../value/age-text.js";
import type { JsonObject } from "../value/json.js";
import type { Access, Scanned } from "./scan/scan.js";
import { accessesOf } from "./scan/scan.js";

/** What is kept of the rows that a request would give. */
export interface KeptAge {
  /** Of the list that they are taken from. */
  readonly rows: number;
  readonly ageMs: number;
}

/** Undefined where the request is sent. */
export type KeptAges = (table: Table, access: Access) => KeptAge | undefined;

/** Where EXPLAIN gets to know of kept rows. */
export interface KeptFacts {
  /** Undefined where none are kept, or where rows are read anew: a write reads what it changes from Stripe. */
  readonly kept?: KeptAges | undefined;
}

export function keptText({ rows, ageMs }: KeptAge): string {
  return `Kept: ${rows} ${rows === 1 ? "row" : "rows"}, read ${ageText(ageMs)} ago; no request`;
}

export function keptJson(age: KeptAge | undefined): JsonObject {
  return age === undefined ? {} : { kept: { rows: age.rows, ageSeconds: Math.floor(age.ageMs / 1000) } };
}

/** How much of what is read is kept. */
export function keptShare(scanned: readonly Scanned[], { kept }: KeptFacts): "none" | "some" | "all" {
  if (kept === undefined) return "none";
  const found = scanned.flatMap(({ table, scan }) => accessesOf(scan).map((access) => kept(table, access)));
  if (found.every((age) => age === undefined)) return "none";
  return found.includes(undefined) ? "some" : "all";
}
