import type { Expression } from "../../syntax/expression.js";
import type { SqlType } from "../../value/sql-type.js";
import type { ConstantContext } from "./scalar.js";

/** Name of the table's column that an expression's column node means; undefined where it is not this table's. */
export type ResolveColumn = (column: Extract<Expression, { kind: "column" }>) => string | undefined;

export interface PredicateContext extends ConstantContext {
  readonly resolve: ResolveColumn;
  readonly typeOf: (column: string) => SqlType | undefined;
  /** Whether a column may hold NULL; each may where this is not told. */
  readonly isNullable?: ((column: string) => boolean) | undefined;
}

/** What conditions on a table are read with. The clock is read where it counts alone: a plan that never asked for it holds later too. */
export function predicateContext(
  { constants }: { readonly constants: ConstantContext },
  { resolve, typeOf, isNullable }: Pick<PredicateContext, "resolve" | "typeOf" | "isNullable">,
): PredicateContext {
  return {
    parameters: constants.parameters,
    zone: constants.zone,
    get nowSeconds() {
      return constants.nowSeconds;
    },
    resolve,
    typeOf,
    isNullable,
  };
}
