import type { ConnectionDescription } from "../api.js";

interface NamedRelation {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

/** What there is to complete a statement with, a session's views and temp tables among it. */
export function withSessionNames(
  description: ConnectionDescription,
  relations: readonly NamedRelation[],
): ConnectionDescription {
  const own = new Map(relations.map(({ name, columns }) => [name.toLowerCase(), columns.map((column) => column.name)]));
  return {
    ...description,
    tables: [...description.tables, ...relations.map(({ name }) => name)],
    columns: (name) => own.get(name.toLowerCase()) ?? description.columns(name),
  };
}
