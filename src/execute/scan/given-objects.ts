import type { Table } from "../../catalog/catalog.js";
import type { Constants, RetrieveAccess } from "../../plan/scan/scan.js";
import { rowIdentity } from "./distinct-rows.js";
import type { RowBatch } from "./row-batch.js";

/** Objects of a table that lists have given, so that none of them is asked for by its key as well. */
export class GivenObjects {
  readonly #identify: ReturnType<typeof rowIdentity>;
  readonly #key: { readonly column: string; readonly field: string } | undefined;
  readonly #given = new Set<string>();

  constructor(table: Table) {
    const key = table.columns.find(({ name }) => name === table.primaryKey);
    const [field, another] = key?.path ?? [];
    this.#identify = rowIdentity(table);
    this.#key =
      key === undefined || field === undefined || another !== undefined ? undefined : { column: key.name, field };
  }

  add({ objects, constants }: RowBatch): void {
    for (const object of objects) {
      const identity = this.#identify?.(object, constants);
      if (identity !== undefined) this.#given.add(identity);
    }
  }

  /** @param constants What the row would hold beside its object. */
  has({ constants: known }: RetrieveAccess, constants: Constants): boolean {
    const value = this.#key && known[this.#key.column];
    if (this.#key === undefined || value === undefined || value === null) return false;
    const identity = this.#identify?.({ [this.#key.field]: value }, constants);
    return identity !== undefined && this.#given.has(identity);
  }
}
