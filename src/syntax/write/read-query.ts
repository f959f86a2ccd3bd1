import { expandViews } from "../expand-views.js";
import type { SqlToken } from "../normalise.js";
import { printTokens } from "../normalise.js";
import { refuseOtherThanQuery } from "../refuse-statement.js";
import type { SelectStatement } from "../statement.js";
import type { RawRange } from "../statement-tree.js";
import type { Token } from "../token.js";
import { keywordOf } from "../token.js";
import type { WriteExpressions } from "../write-expressions.js";
import { inParentheses } from "../write-expressions.js";
import { statementBase } from "./parsed-write.js";

export interface UnreadSelect {
  readonly tokens: readonly SqlToken[];
  readonly statement: Omit<SelectStatement, "query">;
}

/** A query and the common tables before its statement: one that begins with WITH itself stands in parentheses behind them. */
export function readQuery(
  raw: RawRange & { readonly tokens: readonly Token[] },
  common: readonly Token[],
  expressions: WriteExpressions,
): UnreadSelect {
  refuseOtherThanQuery(raw.tokens, expressions.source);
  refuseOtherThanQueryBefore(common, raw, expressions);
  const before = expressions.queryTokens(common);
  const own = expressions.queryTokens(raw.tokens);
  const isNested = before.length > 0 && keywordOf(own[0]) === "WITH";
  const tokens = expandViews([...before, ...(isNested ? inParentheses(own) : own)], expressions.views);
  const base = statementBase(raw, expressions.source, expressions.parameters);
  return { tokens, statement: { kind: "select", ...base, sql: printTokens(tokens) } };
}

function refuseOtherThanQueryBefore(
  common: readonly Token[],
  { tokens }: { readonly tokens: readonly Token[] },
  { source }: WriteExpressions,
): void {
  if (common.length > 0) refuseOtherThanQuery([...common, ...tokens], source);
}
