import type { Node, WindowDef } from "libpg-query";
import type { Expression } from "../expression.js";
import type { FunctionArgument, MentionedFunction } from "./mentions.js";
import type { NodeOf } from "./node.js";
import { namesOf } from "./node.js";
import { readBeneath } from "./read-beneath.js";
import { readOrder } from "./read-order.js";
import type { Reading } from "./reading.js";

type CallNode = NodeOf<"FuncCall">;

/** A call: with FILTER, ORDER BY or OVER it is an `other` of the call and of what stands in those. */
export function readFunction(node: CallNode, reading: Reading): Expression {
  return readCall(node, reading, "value");
}

/** The same in FROM. */
export function readCall(node: CallNode, reading: Reading, place: MentionedFunction["place"]): Expression {
  const { schema, name } = functionName(node);
  const given = argumentsOf(node, reading);
  reading.mentions.addFunction({
    schema,
    name,
    arguments: given,
    position: reading.offsets.ofByte(node.location),
    place,
  });
  const call: Expression = {
    kind: "call",
    name: plannerName(schema, name),
    arguments:
      node.agg_star === true ? [{ kind: "star", table: undefined }] : given.map(({ value }) => unspread(value)),
    distinct: node.agg_distinct === true,
    window: node.over !== undefined,
  };
  const clauses = [node.agg_filter, node.agg_order];
  return node.over === undefined
    ? withClauses(call, readBeneath(clauses, reading))
    : readWindow(call, node.over, clauses, reading);
}

/** Undefined schema for PostgreSQL's own. */
export function functionName({ funcname }: Pick<CallNode, "funcname">): Pick<MentionedFunction, "schema" | "name"> {
  const names = namesOf(funcname);
  const schema = names.slice(0, -1).join(".");
  return { schema: schema === "" || schema === "pg_catalog" ? undefined : schema, name: names.at(-1) ?? "" };
}

/** As the planner knows the function; one of another schema is none that it knows. */
function plannerName(schema: string | undefined, name: string): string {
  return schema === undefined ? (plannerNames.get(name) ?? name) : `${schema}.${name}`;
}

const plannerNames: ReadonlyMap<string, string> = new Map([
  ["btrim", "trim"],
  // DuckDB's is a condition; PostgreSQL's gives a row for each match, none where there is none.
  ["regexp_matches", "pg_catalog.regexp_matches"],
]);

export function argumentsOf({ args = [] }: Pick<CallNode, "args">, reading: Reading): readonly FunctionArgument[] {
  return args.map((node) => {
    const [name, value] = "NamedArgExpr" in node ? [node.NamedArgExpr.name, node.NamedArgExpr.arg] : [undefined, node];
    return { name, value: value === undefined ? { kind: "other", operands: [] } : reading.expression(value, reading) };
  });
}

/** `to_jsonb(c.*)` reads all columns, where `count(*)` reads none. */
function unspread(argument: Expression): Expression {
  return argument.kind === "star" ? { kind: "other", operands: [argument], perRow: true } : argument;
}

function withClauses(call: Expression, operands: readonly Expression[]): Expression {
  return operands.length === 0 ? call : { kind: "other", operands: [call, ...operands] };
}

function readWindow(call: Expression, over: WindowDef, clauses: readonly unknown[], reading: Reading): Expression {
  const chain = windowChain(over, reading);
  const partitions = chain.flatMap((window) => readAll(window.partitionClause, reading));
  const held = chain.map(({ orderClause, startOffset, endOffset }) => [orderClause, startOffset, endOffset]);
  const operands = [...partitions, ...readBeneath([held, clauses], reading)];
  if (operands.length === 0) return call;
  const orders = chain.flatMap(({ orderClause = [] }) => orderClause.flatMap((node) => readOrder(node, reading)));
  return { kind: "other", operands: [call, ...operands], partitions, orders };
}

const readAll = (nodes: readonly Node[] | undefined, reading: Reading): readonly Expression[] =>
  (nodes ?? []).map((node) => reading.expression(node, reading));

/** `OVER w` and `OVER (w ORDER BY …)` take over what WINDOW says of w; a window may be built on one before it. */
function windowChain(window: WindowDef, { windows }: Reading): readonly WindowDef[] {
  const chain = [window];
  const names = new Set<string>();
  for (let name = window.refname ?? window.name; name !== undefined && !names.has(name); ) {
    names.add(name);
    const base = windows.get(name);
    if (base === undefined) break;
    chain.push(base);
    name = base.refname;
  }
  return chain;
}
