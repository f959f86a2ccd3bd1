import type { FromItem } from "../expression.js";
import { printTokens } from "../normalise.js";
import type { DeleteStatement, UpdateStatement, WriteSource } from "../statement.js";
import type { RawDelete, RawUpdate } from "../statement-tree.js";
import type { Token } from "../token.js";
import type { GatheredQuery, GatheredTree, Pending, WriteExpressions } from "../write-expressions.js";
import { comma, tableTokens } from "../write-expressions.js";
import type { ParsedPlain } from "./parsed-write.js";
import { parsedWrite, statementBase, writtenTable } from "./parsed-write.js";
import { readAssignments } from "./read-assignments.js";

/** `SELECT NULL, (value), returning FROM table AS alias, source WHERE condition` */
export function readUpdate(raw: RawUpdate, expressions: WriteExpressions): ParsedPlain {
  expressions.common(raw.common);
  const assignments = readAssignments(raw.assignments, expressions);
  const { query, common, source, where, returning } = readTarget(raw, expressions);
  const { source: text, parameters } = expressions;
  const own = { kind: "update", ...statementBase(raw, text, parameters), ...writtenTable(raw) } as const;
  return parsedWrite(
    own,
    { query },
    (tree): UpdateStatement => ({
      ...own,
      common: common(tree),
      assignments: assignments(tree),
      source: source(tree),
      where: where(tree),
      returning: returning(tree),
    }),
  );
}

export function readDelete(raw: RawDelete, expressions: WriteExpressions): ParsedPlain {
  expressions.common(raw.common);
  const { query, common, source, where, returning } = readTarget(raw, expressions);
  const { source: text, parameters } = expressions;
  const own = { kind: "delete", ...statementBase(raw, text, parameters), ...writtenTable(raw) } as const;
  return parsedWrite(
    own,
    { query },
    (tree): DeleteStatement => ({
      ...own,
      common: common(tree),
      source: source(tree),
      where: where(tree),
      returning: returning(tree),
    }),
  );
}

interface ReadTarget extends GatheredQuery {
  readonly source: Pending<WriteSource | undefined>;
  readonly where: Pending<UpdateStatement["where"]>;
  readonly returning: Pending<UpdateStatement["returning"]>;
}

function readTarget(raw: RawUpdate | RawDelete, expressions: WriteExpressions): ReadTarget {
  const { table, alias } = writtenTable(raw);
  const target = tableTokens(table, alias);
  const source = readSource(raw.source, expressions);
  const where = expressions.where(raw.where);
  const returning = expressions.returning(raw.returning);
  const from = source.tokens.length === 0 ? target : [...target, comma, ...source.tokens];
  return { ...expressions.gather(from), source: source.complete, where, returning };
}

function readSource(raw: readonly Token[], expressions: WriteExpressions) {
  const tokens = expressions.beside(raw);
  const sql = printTokens(tokens);
  const complete = ({ from }: GatheredTree): WriteSource | undefined => {
    const item = withoutFirst(from);
    return item === undefined ? undefined : { sql, item };
  };
  return { tokens, complete };
}

/** The tables of a FROM but the first of all. */
function withoutFirst(from: FromItem | undefined): FromItem | undefined {
  if (from?.kind !== "join") return undefined;
  const left = withoutFirst(from.left);
  return left === undefined ? from.right : { ...from, left };
}
