import type { Table } from "../../catalog/catalog.js";
import type { StatementContext } from "../statement-context.js";
import type { CheckedList } from "./row-check.js";

/** What every reading of a list looks at: cursors and ranges, what kind of object a row is, whether it is still there. */
const always = ["id", "object", "created", "deleted"] as const;

/** From this share of a table's fields on, picking them out of a row takes as long as parsing all of it. */
const wholeShare = 3 / 4;

/**
 * The fields of a list's rows that anybody reads: the statement, those who check the rows, tell them apart and count them.
 * Undefined where they are to be read whole.
 *
 * @param surveyed Those that are counted for later estimates.
 */
export function fieldsRead(
  { table, access }: CheckedList,
  surveyed: readonly string[],
  { readPaths, wholeRows }: Pick<StatementContext, "readPaths" | "wholeRows">,
): ReadonlySet<string> | undefined {
  if (wholeRows || readPaths === undefined) return undefined;
  const paths = [
    ...readPaths(table),
    ...access.filters.flatMap(({ expected }) => (expected === undefined ? [] : [expected.path])),
    ...[access.newestFirstBy, access.onClocks?.field].filter((path) => path !== undefined),
  ];
  const fields = new Set<string>([...always, ...ownKeys(table), ...surveyed]);
  for (const [field] of paths) {
    // All of the object, as of `_json`.
    if (field === undefined) return undefined;
    fields.add(field);
  }
  return fields.size < wholeShare * fieldsOf(table) ? fields : undefined;
}

/** What tells a row from others; a parent's key may be held under Stripe's own name for it. */
function ownKeys({ columns, identity, primaryKey }: Table): readonly string[] {
  return columns
    .filter(({ name, parentKey }) => parentKey || name === primaryKey || identity.includes(name))
    .map(({ path, stripeName }) => path[0] ?? stripeName);
}

const fieldsOf = ({ columns }: Table): number => new Set(columns.flatMap(({ path }) => path[0] ?? [])).size;
