import type { Expression } from "../expression.js";
import type { SqlToken } from "../normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { nodeWith } from "./parser-tree.js";
import type { Atom } from "./placeholder-text.js";

/** The placeholders of a text, each to be met once and in order: so nothing of a statement is lost or moved. */
export class AtomCursor {
  private met = 0;

  constructor(private readonly atoms: readonly Atom[]) {}

  get isAtEnd(): boolean {
    return this.met === this.atoms.length;
  }

  /** The name that a placeholder stands for: node-sql-parser gives it bare or in a node of its own. */
  name(value: unknown): SqlToken {
    const atom = this.next(typeof value === "string" ? value : nodeWith(value, ["type", "value"]).value);
    if (atom.kind !== "name") throw new NotUnderstood("name");
    return atom.token;
  }

  constant(number: unknown): Expression {
    const atom = this.next(number);
    if (atom.kind !== "constant") throw new NotUnderstood("constant");
    return atom.expression;
  }

  private next(number: unknown): Atom {
    const atom = this.atoms[this.met];
    if (atom === undefined || String(number) !== String(this.met)) throw new NotUnderstood("placeholder");
    this.met += 1;
    return atom;
  }
}
