import { emptyBlock } from "../../syntax/empty-block.js";
import type { FromItem } from "../../syntax/expression.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { MergeStatement, WriteSource } from "../../syntax/statement.js";
import { quoteName } from "../../value/quote.js";
import { fromJoin, fromTable } from "./compose-query.js";

/** A column that each row of a marked source has, and no row that an outer join has filled with NULL. */
export const sourceMark = "_source";

/** Whether objects stand among the rows that none of the source matches. */
export const isMarked = ({ clauses }: MergeStatement): boolean =>
  clauses.some(({ matching }) => matching === "not matched by source");

/** The source's rows beside the objects that they match, and those that match none where a clause is of them. */
export function joinedSource(statement: MergeStatement): WriteSource {
  const { table, alias, source, condition: on, clauses } = statement;
  const target = fromTable(table, alias);
  const keepsRows = clauses.some(({ matching }) => matching === "not matched");
  if (!isMarked(statement)) return fromJoin(source, target, { join: keepsRows ? "left" : "inner", on });
  const marked = markedSource(source);
  return keepsRows ? fromJoin(marked, target, { join: "full", on }) : fromJoin(target, marked, { join: "left", on });
}

/** `(SELECT TRUE AS "_source", * FROM source) AS name` */
function markedSource({ sql, item }: WriteSource): WriteSource {
  const name = nameOf(item);
  const called = name === undefined ? "" : ` AS ${quoteName(name)}`;
  return {
    sql: composeSql([`(SELECT TRUE AS ${quoteName(sourceMark)}, * FROM `, sql, `)${called}`]),
    item: {
      kind: "derived",
      alias: name,
      columns: [],
      query: {
        ...emptyBlock,
        items: [
          {
            expression: { kind: "literal", value: { type: "boolean", value: true } },
            alias: sourceMark,
            heading: undefined,
            isSpread: false,
          },
          { expression: { kind: "star", table: undefined }, alias: undefined, heading: undefined, isSpread: true },
        ],
        from: item,
      },
    },
  };
}

const nameOf = (item: FromItem): string | undefined =>
  item.kind === "join" ? undefined : (item.alias ?? (item.kind === "table" ? item.name : undefined));
