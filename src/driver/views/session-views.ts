import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { KeptView } from "../../store/views/kept-views.js";
import type { View, Views } from "../../syntax/expand-views.js";
import type { TableName } from "../../syntax/statement.js";
import type { DatabaseViews } from "./database-views.js";

export interface SessionView extends View, KeptView {
  /** False for one that ends with the session. */
  readonly isKept: boolean;
}

/** The views that a session's statements can name: its own, which end with it, and those that are kept. */
export class SessionViews {
  readonly #kept: DatabaseViews | undefined;
  readonly #own = new Map<string, SessionView>();
  #known: { readonly kept: readonly KeptView[]; readonly views: ReadonlyMap<string, SessionView> } | undefined;

  /** @param kept Undefined where none are. */
  constructor(kept?: DatabaseViews) {
    this.#kept = kept;
  }

  /** What statements are read with. */
  get texts(): Views {
    return this.#views;
  }

  /** Those that are kept, by name, then the session's own in the order of their creation. */
  get all(): readonly SessionView[] {
    return [...this.#views.values()];
  }

  find({ schema, name }: Pick<TableName, "schema" | "name">): SessionView | undefined {
    return schema === undefined ? this.#views.get(name.toLowerCase()) : undefined;
  }

  /** Fails with 42P07 where there is one of the name that is not to be replaced. */
  create(view: SessionView, { position, replaces }: { readonly position: number; readonly replaces: boolean }): void {
    const before = this.find({ schema: undefined, name: view.name });
    if (before !== undefined && (!replaces || before.isKept !== view.isKept)) throw nameTaken(before, position);
    if (!view.isKept) {
      this.#own.set(view.name.toLowerCase(), view);
      this.#known = undefined;
      return;
    }
    const { name, sql, columns } = view;
    const isCreated = this.#kept?.create({ name, sql, columns }, { replaces });
    // Another program may have made one meanwhile.
    if (isCreated !== true) throw nameTaken(view, position);
  }

  /** False where there is none and none need be; fails with 42P01 where one has to be. */
  drop({ schema, name, position }: TableName, isOptional: boolean): boolean {
    const isOwn = schema === undefined && this.#own.delete(name.toLowerCase());
    if (isOwn) this.#known = undefined;
    const isDropped = isOwn || (schema === undefined && this.#kept?.drop(name) === true);
    if (isDropped || isOptional) return isDropped;
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

  /** Of two of a name the session's own is meant. */
  get #views(): ReadonlyMap<string, SessionView> {
    const kept = this.#kept?.all() ?? none;
    if (this.#known?.kept === kept) return this.#known.views;
    const keptViews = kept.map((view) => [view.name.toLowerCase(), { ...view, isKept: true }] as const);
    const views = new Map<string, SessionView>([...keptViews, ...this.#own]);
    this.#known = { kept, views };
    return views;
  }
}

const none: readonly KeptView[] = [];

function nameTaken({ name, isKept }: SessionView, position: number): StripeSqlError {
  const temp = isKept ? "" : "TEMP ";
  return new StripeSqlError(`${isKept ? "kept view" : "view of this session"} "${name}" already exists`, {
    sqlState: SqlState.duplicateTable,
    phase: "plan",
    hint: `CREATE OR REPLACE ${temp}VIEW gives it another query, DROP VIEW removes it.`,
    position,
  });
}
