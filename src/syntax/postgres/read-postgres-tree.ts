import type { ParseResult } from "libpg-query";
import type { PostgresStatement } from "./postgres-statement.js";
import { readStatement } from "./read-statement.js";
import { TextOffsets } from "./text-offsets.js";
import type { ViewTrees } from "./view-trees.js";
import { noViews } from "./view-trees.js";

/** Settings of a session that decide what its texts mean. */
export interface ReadingSettings {
  /** Schema in which a name without one is looked for first: the same table is then one relation, however it is named. */
  readonly defaultSchema: string;
  /** Whether DateStyle writes dates as ISO 8601, as it does unless a session sets it otherwise. */
  readonly writesIsoDates: boolean;
  /** Default none. */
  readonly views?: ViewTrees;
}

/**
 * The statements of a text, of the tree that PostgreSQL's own parser gives of it. Nothing is thrown: what cannot be done
 * is a statement that is `refused`, as those before it are to be carried out.
 *
 * The planner's rules were made for DuckDB, where they run beside it; here the text runs on PostgreSQL. A rule may only
 * leave rows out that the text leaves out too, so where the two differ the tree says less than the text:
 * - `/` and `%`, regexp_matches and CURRENT_TIMESTAMP(0) are not those that the planner knows by these names; a backslash
 *   in LIKE escapes; types that cut or round keep their modifiers in their names; a function of another schema has it in
 *   its name, and what has syntax of its own that no rule knows is a function that nobody knows.
 * - Constants are texts without a type, as in PostgreSQL, and are read by that of the column. Of times only ISO 8601 is
 *   folded, which no DateStyle reads otherwise, in the session's zone, which is the caller's to give.
 * - Texts are only ever compared for equality: no collation but a nondeterministic one, which the text has to name by
 *   COLLATE, makes others equal. A comparison of JSON, of doubles or of decimals is never folded.
 * - NULLs come first in a descending order here too; the planner relies on an order of creation times alone.
 * - Names are as PostgreSQL has folded them; the planner finds them in whichever case, and PostgreSQL judges.
 * It holds for the settings that the parser goes by: standard_conforming_strings and array_nulls on, and
 * transform_null_equals off. Whoever runs the text does not let them be changed.
 */
export function readPostgresTree(
  tree: ParseResult,
  text: string,
  settings: ReadingSettings,
): readonly PostgresStatement[] {
  const offsets = new TextOffsets(text);
  return (tree.stmts ?? []).map(({ stmt = { List: {} }, stmt_location: location = 0, stmt_len: length = 0 }) => {
    const offset = offsets.ofByte(location) ?? 0;
    const end = length === 0 ? text.length : offsets.ofByte(location + length);
    const own = { script: text, text: text.slice(offset, end).trimEnd(), offset, offsets };
    return readStatement(stmt, { views: noViews, ...settings, ...own, explained: false });
  });
}
