import type { Atom } from "./atom.js";
import { NotUnderstood } from "./not-understood.js";

/** A copy's placeholders. It notes which were met, so that nothing of the statement is lost unseen. */
export class AtomTable {
  private readonly met = new Set<number>();

  constructor(private readonly atoms: readonly Atom[]) {}

  /** The atom of a placeholder's number, as node-sql-parser gives it back. */
  find(index: unknown): Atom {
    const number = typeof index === "number" ? index : Number(index);
    const atom = this.atoms[number];
    if (atom === undefined) throw new NotUnderstood("placeholder");
    this.met.add(number);
    return atom;
  }

  requireAllMet(): void {
    if (this.met.size !== this.atoms.length) throw new NotUnderstood("placeholder left out");
  }
}
