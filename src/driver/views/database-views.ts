import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { KeptView } from "../../store/views/kept-views.js";
import { KeptViews, keptViewsFile } from "../../store/views/kept-views.js";
import type { ConnectionProperties } from "../connection-properties.js";

/**
 * The views that a database keeps for later sessions, in the cache folder: they are queries, which say the same of any
 * account, so that they are those of whoever uses the folder. A connection that may not read this machine's files
 * neither sees nor makes any: its users are not the folder's owner.
 */
export class DatabaseViews {
  readonly #views: KeptViews | undefined;
  readonly #notice: (text: string) => void;
  #isBroken = false;

  /** @param notice Told once, where the file cannot be read. */
  constructor(
    { cachePath, fileAccess }: Pick<ConnectionProperties, "cachePath" | "fileAccess">,
    notice: (text: string) => void,
  ) {
    this.#views = fileAccess ? new KeptViews(keptViewsFile(cachePath)) : undefined;
    this.#notice = notice;
  }

  /** None where the file cannot be read: no statement fails for views that it does not name. */
  all(): readonly KeptView[] {
    if (this.#isBroken || this.#views === undefined) return none;
    try {
      return this.#views.all();
    } catch (error) {
      this.#isBroken = true;
      this.#notice(`there are no kept views: ${fileFault(error)}`);
      return none;
    }
  }

  /** False where there is one of the name that is not to be replaced; 58030 where it cannot be kept, 0A000 where none is. */
  create(view: KeptView, options: { readonly replaces: boolean }): boolean {
    if (this.#views === undefined) throw notKept();
    return changed(() => this.#views?.create(view, options) === true);
  }

  drop(name: string): boolean {
    return changed(() => this.#views?.drop(name) === true);
  }

  close(): void {
    this.#views?.close();
  }
}

const none: readonly KeptView[] = [];

function changed(change: () => boolean): boolean {
  try {
    return change();
  } catch (error) {
    throw new StripeSqlError("kept views cannot be changed", {
      sqlState: SqlState.upstreamError,
      phase: "execute",
      detail: `${fileFault(error)}.`,
      hint: "CREATE TEMP VIEW makes one for this session.",
      cause: error,
    });
  }
}

/** Failures of SQLite and of the system have codes; what has none is a mistake of ours. */
function fileFault(error: unknown): string {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  return `views.sqlite in the cache folder cannot be used (${error.code})`;
}

function notKept(): StripeSqlError {
  return new StripeSqlError("views are not kept for this connection", {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "It has no access to this machine's files.",
    hint: "CREATE TEMP VIEW makes one for this session.",
  });
}
