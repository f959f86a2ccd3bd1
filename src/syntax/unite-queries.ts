import { emptyBlock } from "./empty-block.js";
import type { Query, SetOperation } from "./expression.js";

/** The set operation of several sides, of an operator by which they may be grouped at will: by halves, so that a long chain makes no deep tree. */
export function uniteQueries(sides: readonly Query[], operator: SetOperation["operator"]): SetOperation {
  const middle = sides.length >> 1;
  const [left, right] = [sides.slice(0, middle), sides.slice(middle)].map((half): Query => {
    const [only] = half;
    return half.length > 1 ? uniteQueries(half, operator) : (only ?? emptyBlock);
  });
  return {
    kind: "set-operation",
    ctes: [],
    operator,
    left: left ?? emptyBlock,
    right: right ?? emptyBlock,
    orderBy: [],
    limit: undefined,
    offset: undefined,
  };
}
