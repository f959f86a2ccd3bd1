import type { KeptRows } from "../../execute/kept/kept-rows.js";
import type { KeptOwner, KeptRowsStore } from "../../store/kept/kept-rows-store.js";
import { ageText } from "../../value/age-text.js";
import type { KeptDraft, KeptList } from "../../value/kept-list.js";

export interface StatementKeptOptions {
  /** Whose rows: of a key that is a secret it is known once that was read. */
  readonly owner: () => KeptOwner;
  /** How old what is taken may be. */
  readonly ttlMs: number;
}

interface UsedLists {
  rows: number;
  oldestMs: number;
  newestMs: number;
}

/** What one statement takes of kept rows, so that it can tell it. */
export class StatementKeptRows implements KeptRows {
  readonly #store: KeptRowsStore;
  readonly #options: StatementKeptOptions;
  readonly #used = new Map<string, UsedLists>();

  constructor(store: KeptRowsStore, options: StatementKeptOptions) {
    this.#store = store;
    this.#options = options;
  }

  lists(place: string): readonly KeptList[] {
    return this.#store.lists(this.#options.owner(), place, this.#since());
  }

  pages(list: KeptList, from: number, to: number): readonly Uint8Array[] {
    return this.#store.pages(list, from, to);
  }

  pageOf(collection: string, key: string): { readonly list: KeptList; readonly objects: Uint8Array } | undefined {
    return this.#store.pageOf(this.#options.owner(), collection, key, this.#since());
  }

  begin(): KeptDraft | undefined {
    const draft = this.#store.begin(this.#options.owner().side, this.#options.ttlMs);
    return (
      draft && {
        add: (page) => draft.add(page),
        finish: (list) => draft.finish({ ...list, owner: this.#options.owner().owner }),
        discard: () => draft.discard(),
      }
    );
  }

  used(table: string, list: KeptList, rows: number): void {
    this.#store.touch(list);
    const known = this.#used.get(table) ?? { rows: 0, oldestMs: list.begunMs, newestMs: list.begunMs };
    this.#used.set(table, {
      rows: known.rows + rows,
      oldestMs: Math.min(known.oldestMs, list.begunMs),
      newestMs: Math.max(known.newestMs, list.begunMs),
    });
  }

  /** What the statement's user is told; undefined where all rows came from Stripe. */
  notice(): string | undefined {
    if (this.#used.size === 0) return undefined;
    const now = Date.now();
    const parts = [...this.#used].map(([table, { rows, oldestMs, newestMs }]) => {
      const [oldest, newest] = [ageText(now - oldestMs), ageText(now - newestMs)];
      return `${rows} of ${table}, read ${newest === oldest ? oldest : `${newest} to ${oldest}`} ago`;
    });
    return `rows that were kept (CacheTtl), not read anew: ${parts.join("; ")}`;
  }

  #since(): number {
    return Date.now() - this.#options.ttlMs;
  }
}
