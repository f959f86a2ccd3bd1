import { syntaxError } from "./syntax-error.js";
import type { Token } from "./token.js";

type Style = "question mark" | "number" | "name";

/**
 * Numbers a statement's parameters from 1 as they are met, $3 alone too: the engine takes no numbers with gaps. One
 * statement uses one style of them.
 */
export class ParameterNumbering {
  private style: Style | undefined;
  private readonly seen: string[] = [];

  /** Names for the caller to bind, each once: "1", "2", … for `?`, "3" for `$3`, else a name without its sigil. */
  get names(): readonly string[] {
    return this.seen;
  }

  /** The parameter's number, from 1. */
  number(token: Token): number {
    this.keepStyle(styleOf(token), token);
    if (token.text === "?") return this.seen.push(String(this.seen.length + 1));
    const name = token.text.slice(1);
    return this.named(this.style === "number" ? checkedNumber(Number(name), token) : name);
  }

  private keepStyle(style: Style, token: Token): void {
    if (this.style !== undefined && this.style !== style) {
      throw syntaxError(`parameter "${token.text}" is of another style than the ones before it`, {
        position: token.start,
        hint: "Use one of ?, $1 or @name throughout a statement.",
      });
    }
    this.style = style;
  }

  private named(name: string): number {
    const index = this.seen.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    return index >= 0 ? index + 1 : this.seen.push(name);
  }
}

function checkedNumber(number: number, token: Token): string {
  if (number >= 1 && number <= 65_535) return String(number);
  throw syntaxError(`there is no parameter ${token.text}`, {
    position: token.start,
    hint: "Parameters are numbered from $1 to $65535.",
  });
}

function styleOf(token: Token): Style {
  if (token.text === "?") return "question mark";
  return /^\$[0-9]/.test(token.text) ? "number" : "name";
}
