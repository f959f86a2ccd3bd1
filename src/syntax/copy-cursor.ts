import type { Atom, BuildExpression } from "./atom.js";
import type { Expression } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { matchingClose } from "./operand.js";
import { keywordOf, nameOf } from "./token.js";

/** Goes through a query's tokens and holds the planner's copy as far as it is written. */
export class CopyCursor {
  readonly atoms: Atom[] = [];
  readonly output: string[] = [];
  index = 0;
  /** Place in the output where the last operand begins. */
  operandFrom = 0;

  constructor(
    readonly tokens: readonly SqlToken[],
    private readonly dispatch: (cursor: CopyCursor) => void,
  ) {}

  get token(): SqlToken {
    const token = this.tokens[this.index];
    if (token === undefined) throw new NotUnderstood("end of text");
    return token;
  }

  get before(): SqlToken | undefined {
    return this.tokens[this.index - 1];
  }

  /** The bare word at an offset, in upper case. */
  keyword(offset = 0): string | undefined {
    return keywordOf(this.tokens[this.index + offset]);
  }

  /** The operator, bracket, number or parameter at an offset. */
  symbol(offset = 0): string | undefined {
    const token = this.tokens[this.index + offset];
    return token === undefined || token.kind === "word" || token.kind === "name" || token.kind === "string"
      ? undefined
      : token.text;
  }

  /** Index of the bracket that closes the one at an offset. */
  close(offset = 0): number {
    return matchingClose(this.tokens, this.index + offset);
  }

  skip(count: number): void {
    this.index += count;
  }

  /** Writes a text for the next tokens. */
  emit(text: string, count = 0): void {
    this.output.push(text);
    this.index += count;
  }

  /** Writes the construct at the index. */
  writeToken(): void {
    this.dispatch(this);
  }

  writeUntil(end: number): void {
    while (this.index < end) this.writeToken();
    if (this.index !== end) throw new NotUnderstood("bracket");
  }

  /** Writes up to a comma outside of brackets, or to `end`. */
  writeItem(end: number): void {
    while (this.index < end && this.symbol() !== ",") this.writeToken();
  }

  atom(atom: Atom): number {
    return this.atoms.push(atom) - 1;
  }

  nameAtom(token: SqlToken, columns?: readonly string[]): number {
    const name = token.sql === redirectedSchema ? token.sql : nameOf(token);
    return this.atom({ kind: "name", name, quoted: token.kind === "name", position: token.start, columns });
  }

  /** Writes a placeholder for a whole expression, which the next `count` tokens spell. */
  operand(expression: Expression, count: number): void {
    this.operandFrom = this.output.length;
    this.emit(`$${this.atom({ kind: "expression", expression })}`, count);
  }

  /** Makes a call of the operand just written and of what `writeRest` writes behind it. */
  wrapOperand(build: BuildExpression, own: number, writeRest?: () => void): void {
    const from = this.operandFrom;
    this.output.splice(from, 0, `"${this.atom({ kind: "call", own, build })}" (`);
    writeRest?.();
    this.emit(")");
    this.operandFrom = from;
  }
}

const redirectedSchema = "stripe_information_schema";
