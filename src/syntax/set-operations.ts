import type { Query, SelectBlock, SetOperation } from "./expression.js";

export interface SetStep {
  readonly operator: SetOperation["operator"];
  readonly query: SelectBlock;
}

/** A chain of set operations as SQL groups it: INTERSECT first, then from the left. */
export function combine(first: SelectBlock, steps: readonly SetStep[]): Query {
  const terms: { operator: SetOperation["operator"]; query: Query }[] = [{ operator: "union", query: first }];
  for (const { operator, query } of steps) {
    const last = terms[terms.length - 1];
    if (operator === "intersect" && last !== undefined) last.query = operation("intersect", last.query, query);
    else terms.push({ operator, query });
  }
  return leftToRight(terms);
}

interface Term {
  readonly operator: SetOperation["operator"];
  readonly query: Query;
}

function leftToRight(terms: readonly Term[]): Query {
  const [head, ...rest] = terms;
  if (head === undefined) throw new RangeError("a chain of set operations has a first query");
  if (rest.length > 1 && rest.every(({ operator }) => operator === "union-all"))
    return balanced(terms.map(({ query }) => query));
  return rest.reduce((left, { operator, query }) => operation(operator, left, query), head.query);
}

/** UNION ALL is associative: halving a long list of VALUES keeps the tree shallow. */
function balanced(queries: readonly Query[]): Query {
  const [only] = queries;
  if (only !== undefined && queries.length === 1) return only;
  const middle = queries.length >> 1;
  return operation("union-all", balanced(queries.slice(0, middle)), balanced(queries.slice(middle)));
}

function operation(operator: SetOperation["operator"], left: Query, right: Query): SetOperation {
  return { kind: "set-operation", ctes: [], operator, left, right, orderBy: [], limit: undefined, offset: undefined };
}
