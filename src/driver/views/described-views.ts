import type { ConnectionDescription } from "../api.js";
import type { SessionViews } from "./session-views.js";

/** What there is to complete a statement with, a session's views among it. */
export function withViews(description: ConnectionDescription, views: SessionViews): ConnectionDescription {
  return {
    ...description,
    tables: [...description.tables, ...views.all.map(({ name }) => name)],
    columns: (name) =>
      views.find({ schema: undefined, name })?.columns.map((column) => column.name) ?? description.columns(name),
  };
}
