import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { OutputColumn } from "../../execute/row-source.js";
import type { View, Views } from "../../syntax/expand-views.js";
import type { TableName } from "../../syntax/statement.js";

export interface SessionView extends View {
  readonly columns: readonly OutputColumn[];
}

/** The views of a session, which end with it. */
export class SessionViews {
  readonly #views = new Map<string, SessionView>();

  /** What statements are read with. */
  get texts(): Views {
    return this.#views;
  }

  /** In the order of their creation. */
  get all(): readonly SessionView[] {
    return [...this.#views.values()];
  }

  find({ schema, name }: Pick<TableName, "schema" | "name">): SessionView | undefined {
    return schema === undefined ? this.#views.get(name.toLowerCase()) : undefined;
  }

  /** Fails with 42P07 where there is one of the name that is not to be replaced. */
  create(view: SessionView, { position, replaces }: { readonly position: number; readonly replaces: boolean }): void {
    const key = view.name.toLowerCase();
    if (this.#views.has(key) && !replaces) {
      throw new StripeSqlError(`view "${view.name}" already exists`, {
        sqlState: SqlState.duplicateTable,
        phase: "plan",
        hint: "CREATE OR REPLACE TEMP VIEW gives it another query, DROP VIEW removes it.",
        position,
      });
    }
    this.#views.set(key, view);
  }

  /** Fails with 42P01 where there is none. */
  drop({ schema, name, position }: TableName, isOptional: boolean): void {
    const isDropped = schema === undefined && this.#views.delete(name.toLowerCase());
    if (isDropped || isOptional) return;
    throw new StripeSqlError(`view "${name}" does not exist`, {
      sqlState: SqlState.undefinedTable,
      phase: "plan",
      hint: didYouMean(
        name,
        this.all.map((view) => view.name),
      ),
      position,
    });
  }
}
