import type { Column, Naming, PseudoColumn } from "../../catalog/catalog.js";
import type { SystemTable } from "../../catalog/system-table.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { distinctRelations } from "../access/access-key.js";
import type { RejectedWay } from "../access/candidate.js";
import type { RowsOf } from "../cost/statistics.js";
import type { Predicate, Verdict } from "../predicate/predicate.js";
import type { RelationId, Scanned } from "../scan/scan.js";
import { accessesOf, limitOf } from "../scan/scan.js";
import type { TempTable } from "../temp-table.js";
import type { CurrencySum } from "./currency-sums.js";
import type { OutputAmount } from "./output-amounts.js";
import type { OutputHeadings } from "./output-headings.js";

/** A column of a relation that a scan fills. */
export interface ScanColumn {
  /** As the statement's relation spells it. */
  readonly name: string;
  readonly column: Column | PseudoColumn;
  /** True where the value is one of the access's constants, not a field of the object. */
  readonly constant: boolean;
  /** False where it comes along with `*` alone. */
  readonly named: boolean;
}

/** How one predicate of a scan is applied; for EXPLAIN. */
export interface JudgedPredicate {
  readonly predicate: Predicate;
  readonly verdict: Verdict;
}

/** A table of the local engine and what fills it. */
export interface ScanRelation extends Scanned {
  readonly kind: "scan";
  /** Schema that the statement names, if it does. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly naming: Naming;
  readonly columns: readonly ScanColumn[];
  readonly judged: readonly JudgedPredicate[];
  /** Ways to read it that were not taken, for EXPLAIN. */
  readonly rejected: readonly RejectedWay[];
}

export interface SystemRelation {
  readonly kind: "system";
  readonly schema: string | undefined;
  readonly name: string;
  readonly table: SystemTable;
}

/** A temp table of the session's, whose rows the local engine has. */
export interface TempRelation {
  readonly kind: "temp";
  readonly schema: string | undefined;
  readonly name: string;
  readonly table: TempTable;
}

export type Relation = ScanRelation | SystemRelation | TempRelation;

/** What a SELECT reads from Stripe, each relation once. */
export function scannedOf(select: Pick<SelectPlan, "relations" | "feeds"> | undefined): readonly Scanned[] {
  return select === undefined ? [] : distinctRelations([...scanRelations(select), ...select.feeds]);
}

/** The relations of the SQL that Stripe fills. */
export function scanRelations({ relations }: Pick<SelectPlan, "relations">): readonly ScanRelation[] {
  return relations.filter((relation) => relation.kind === "scan");
}

/** A column that holds a list, as the statement names it. */
export interface CompletedList {
  readonly name: string;
  readonly column: Column;
}

/** Columns whose lists are read to their end: how many requests that takes, only the objects tell. */
export function completedLists({ columns, scan }: ScanRelation): readonly CompletedList[] {
  if (scan.kind === "empty") return [];
  return columns.flatMap(({ name, column, named }) =>
    named && column.kind === "column" && column.jsonShape === "list" ? [{ name, column }] : [],
  );
}

/** Conditions that mention none of the table's columns are other tables'; what only Search takes is in another of them. */
export function ownPredicates({ judged }: ScanRelation): readonly JudgedPredicate[] {
  return judged.filter(({ predicate, verdict }) => {
    if (predicate.kind === "text") return verdict !== "unsupported";
    return predicate.kind !== "opaque" || predicate.columns.length > 0;
  });
}

/** The table whose rows are counted by reading a relation to its end, where nothing is asked of them. */
export function countedTable({ table, scan, judged }: ScanRelation): RowsOf | undefined {
  const accesses = accessesOf(scan);
  const [first] = accesses;
  const isWhole = first?.kind === "list" && first.filters.length === 0 && accesses.length === first.partitions;
  if (!isWhole || judged.length > 0 || limitOf(scan) !== undefined) return undefined;
  return { schema: table.schema, table: table.name, accountId: first.accountId };
}

/** One result column of the direct way: the scan's column under the result's name. */
export interface DirectColumn {
  readonly name: string;
  readonly source: ScanColumn;
}

/**
 * How a SELECT runs. "direct": rows go from page to result, nothing is left to do locally. "stream": each
 * batch of the one scan goes through the statement on the local engine. "grow": the statement runs over what has come
 * of one scan, after each of its pages, until its LIMIT is filled. "load": all scans first, then the statement once.
 */
export type SelectStrategy =
  | {
      readonly kind: "direct";
      readonly columns: readonly DirectColumn[];
      readonly limit: number | undefined;
      readonly offset: number;
    }
  | { readonly kind: "stream"; readonly limit: number | undefined }
  | {
      readonly kind: "grow";
      readonly relation: RelationId;
      readonly limit: number;
      /** Keys to a row's time, where rows of one time must all be there before the statement runs. */
      readonly wholeTimes: readonly string[] | undefined;
    }
  | { readonly kind: "load" };

export interface SelectPlan {
  readonly kind: "select";
  /** The statement for the local engine. */
  readonly text: SqlText;
  /** Times for parameters that hold words for them, by index. */
  readonly timeWords: ReadonlyMap<number, string>;
  /** Aggregates to be noticed where the rows read are of several currencies. */
  readonly currencySums: readonly CurrencySum[];
  /** Which columns of the result are amounts, and in which currencies. */
  readonly amounts: readonly OutputAmount[];
  /** What the SQL reads. */
  readonly relations: readonly Relation[];
  /** What the SQL does not read, but what other relations take values from. */
  readonly feeds: readonly Scanned[];
  readonly strategy: SelectStrategy;
  /** Lower-case names of columns that `*` would bring from the local engine but that `*` does not mean. */
  readonly hiddenOutput: ReadonlySet<string>;
  /** Of what the local engine gives, the hidden columns too. */
  readonly headings: OutputHeadings;
  readonly notices: readonly string[];
}
