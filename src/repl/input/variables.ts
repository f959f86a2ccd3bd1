import { typedPieces } from "../../syntax/read-tokens.js";
import type { TypedPiece } from "../../syntax/typed-piece.js";
import { quoteName, quoteText } from "../../value/quote.js";
import { CommandMistake } from "../commands/command-mistake.js";
import { isVariableName } from "./variable-name.js";

/** What `\set`, `\gset` and `-v` set, for `:name`, `:'name'` and `:"name"` in statements and commands. */
export class Variables {
  readonly #values = new Map<string, string>();

  /** @param given Fails where a name is none. */
  constructor(given: readonly (readonly [name: string, value: string])[] = []) {
    for (const [name, value] of given) this.set(name, value);
  }

  set(name: string, value: string): void {
    if (!isVariableName(name)) {
      throw new CommandMistake(`invalid variable name "${name}"`, "A name has letters, digits and _, a letter first.");
    }
    this.#values.set(name, value);
  }

  unset(name: string): void {
    this.#values.delete(name);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** By name. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The same with others set besides, which go before. */
  with(others: readonly (readonly [name: string, value: string])[]): Variables {
    return new Variables([...this.#values, ...others]);
  }

  /**
   * The text with each variable's value in its place. As in psql, none is looked for in quotations and comments, and
   * a name that is not set stays as it is: it may be a parameter.
   */
  interpolate(text: string): string {
    if (this.#values.size === 0 || !text.includes(":")) return text;
    return replaceVariables(text, (name, quoting) => {
      const value = this.#values.get(name);
      return value === undefined ? undefined : quoted(value, quoting);
    });
  }
}

/** The names of variables in a text, each once. */
export function variablesIn(text: string): readonly string[] {
  const names = new Set<string>();
  replaceVariables(text, (name) => void names.add(name));
  return [...names];
}

type Quoting = "none" | "text" | "name";

/** @param valueFor undefined leaves the variable as it stands. */
function replaceVariables(text: string, valueFor: (name: string, quoting: Quoting) => string | undefined): string {
  const pieces = typedPieces(text);
  let result = "";
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece === undefined) break;
    const found = variableAt(piece, pieces[index + 1]);
    const value = found && valueFor(found.name, found.quoting);
    result += value ?? piece.text;
    if (value !== undefined && found?.quoting !== "none") index += 1;
  }
  return result;
}

interface Variable {
  readonly name: string;
  readonly quoting: Quoting;
}

function variableAt(piece: TypedPiece, next: TypedPiece | undefined): Variable | undefined {
  if (piece.kind === "parameter" && piece.text.startsWith(":")) return { name: piece.text.slice(1), quoting: "none" };
  if (piece.text !== ":" || next === undefined) return undefined;
  const name = next.text.slice(1, -1);
  if (!isVariableName(name)) return undefined;
  if (next.kind === "string" && next.text.startsWith("'")) return { name, quoting: "text" };
  return next.kind === "name" && next.text.startsWith('"') ? { name, quoting: "name" } : undefined;
}

function quoted(value: string, quoting: Quoting): string {
  switch (quoting) {
    case "none":
      return value;
    case "text":
      return quoteText(value);
    case "name":
      return quoteName(value);
  }
}
