import type { Node, OnConflictAction, RangeVar, ReturningClause } from "libpg-query";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SelectItem } from "../expression.js";
import type { NodeOf } from "./node.js";
import type {
  ColumnTarget,
  DeleteStatement,
  InsertStatement,
  UpdateStatement,
  WrittenValue,
} from "./postgres-statement.js";
import { readFromList, readRelationName } from "./read-from.js";
import type { CommonTables } from "./read-query.js";
import { readCommonTables, readItem } from "./read-query.js";
import type { Reading } from "./reading.js";

type Own<Statement> = Omit<Statement, "text" | "offset" | "relations" | "functions" | "parameters">;

/** Errors: 0A000 for what has no counterpart at Stripe. */
export function readInsert(node: NodeOf<"InsertStmt">, outer: Reading): Own<InsertStatement> {
  const { ctes, reading } = readCommonTables(node.withClause, outer);
  return {
    kind: "insert",
    ...targetOf(node.relation, outer),
    ctes,
    columns: (node.cols ?? []).flatMap((column) => readTarget(column, reading)),
    source: readSource(node.selectStmt, reading),
    onConflict: node.onConflictClause === undefined ? undefined : conflictAction(node.onConflictClause.action),
    conflictColumns: (node.onConflictClause?.infer?.indexElems ?? []).map((element) =>
      "IndexElem" in element ? (element.IndexElem.name ?? "") : "",
    ),
    returning: readReturning(node.returningClause, reading),
  };
}

function conflictAction(action: OnConflictAction | undefined): InsertStatement["onConflict"] {
  return action === "ONCONFLICT_UPDATE" ? "update" : "nothing";
}

/** Rows that are written out may say DEFAULT, where those of a query cannot. */
function readSource(node: Node | undefined, reading: Reading): InsertStatement["source"] {
  if (node === undefined || !("SelectStmt" in node)) return { kind: "default-values" };
  const { valuesLists, withClause, sortClause, limitCount, limitOffset } = node.SelectStmt;
  const isBare = [withClause, sortClause, limitCount, limitOffset].every((clause) => clause === undefined);
  if (valuesLists === undefined || !isBare) return { kind: "query", query: reading.query(node.SelectStmt, reading) };
  const rows = valuesLists.map((list) => ("List" in list ? (list.List.items ?? []) : []));
  return { kind: "values", rows: rows.map((row) => row.map((value) => readValue(value, reading))) };
}

function readValue(node: Node, reading: Reading): WrittenValue {
  return "SetToDefault" in node ? undefined : reading.expression(node, reading);
}

export function readUpdate(node: NodeOf<"UpdateStmt">, outer: Reading): Own<UpdateStatement> {
  const common = readCommonTables(node.withClause, outer);
  const { reading } = common;
  return {
    kind: "update",
    ...changeOf(node, common, outer),
    source: readFromList(node.fromClause, reading),
    assignments: (node.targetList ?? []).flatMap((target) => {
      if (!("ResTarget" in target) || target.ResTarget.val === undefined) return [];
      const { val } = target.ResTarget;
      const value = "MultiAssignRef" in val ? partOf(val.MultiAssignRef) : val;
      return readTarget(target, reading).map((column) => ({ column, value: readValue(value, reading) }));
    }),
  };
}

export function readDelete(node: NodeOf<"DeleteStmt">, outer: Reading): Own<DeleteStatement> {
  const common = readCommonTables(node.withClause, outer);
  const source = readFromList(node.usingClause, common.reading);
  return { kind: "delete", ...changeOf(node, common, outer), source };
}

type ChangeNode = Pick<NodeOf<"UpdateStmt">, "relation" | "whereClause" | "returningClause">;

function changeOf(node: ChangeNode, { ctes, reading }: CommonTables, outer: Reading) {
  const { whereClause } = node;
  if (whereClause !== undefined && "CurrentOfExpr" in whereClause)
    throw notSupported("WHERE CURRENT OF", "Choose the row by its id.");
  return {
    ...targetOf(node.relation, outer),
    ctes,
    where: whereClause === undefined ? undefined : reading.expression(whereClause, reading),
    returning: readReturning(node.returningClause, reading),
  };
}

/** `(a, b) = (1, 2)` and `(a, b) = ROW(1, 2)` are two assignments; those of a subquery's columns are none that Stripe takes. */
function partOf({ source, colno = 0 }: NodeOf<"MultiAssignRef">): Node {
  const value = source !== undefined && "RowExpr" in source ? source.RowExpr.args?.[colno - 1] : undefined;
  if (value === undefined) throw notSupported("SET (…) = (SELECT …)", "Assign to one column at a time.");
  return value;
}

/** The table that is written is never a common one. */
function targetOf(relation: RangeVar | undefined, reading: Reading) {
  const own = { ...reading, commonTables: new Set<string>() };
  const table = { ...readRelationName(relation ?? {}, own), namedSchema: relation?.schemaname };
  return { table, alias: relation?.alias?.aliasname };
}

function readTarget(node: Node, { offsets }: Reading): readonly ColumnTarget[] {
  if (!("ResTarget" in node)) return [];
  const { name = "", indirection, location } = node.ResTarget;
  return [{ name, position: offsets.ofByte(location), isPart: indirection !== undefined }];
}

function readReturning(clause: ReturningClause | undefined, reading: Reading): readonly SelectItem[] | undefined {
  if (clause?.options !== undefined)
    throw notSupported("RETURNING WITH (…)", "RETURNING gives the object as it is afterwards.");
  return clause && (clause.exprs ?? []).flatMap((item) => readItem(item, reading));
}

export function notSupported(form: string, hint: string | undefined): StripeSqlError {
  return new StripeSqlError(`${form} is not supported`, {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    hint,
  });
}
