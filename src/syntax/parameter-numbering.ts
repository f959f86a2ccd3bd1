import { syntaxError } from "./syntax-error.js";
import type { Token } from "./token.js";

type Style = "question mark" | "number" | "name";

/** Numbers a statement's parameters from 1 as they are met. One statement uses one style of them. */
export class ParameterNumbering {
  private style: Style | undefined;
  private readonly seen: string[] = [];

  /** Names for the caller to bind: "1", "2", … for `?` and `$1`, else each name once, without its sigil. */
  get names(): readonly string[] {
    return this.seen;
  }

  /** The parameter's number, from 1. */
  number(token: Token): number {
    this.keepStyle(styleOf(token), token);
    if (token.text === "?") return this.seen.push(String(this.seen.length + 1));
    const name = token.text.slice(1);
    return this.style === "number" ? this.numbered(Number(name), token) : this.named(name);
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

  private numbered(number: number, token: Token): number {
    if (number < 1 || number > 65_535) {
      throw syntaxError(`there is no parameter ${token.text}`, {
        position: token.start,
        hint: "Parameters are numbered from $1 to $65535.",
      });
    }
    for (let next = this.seen.length + 1; next <= number; next += 1) this.seen.push(String(next));
    return number;
  }

  private named(name: string): number {
    const index = this.seen.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    return index >= 0 ? index + 1 : this.seen.push(name);
  }
}

function styleOf(token: Token): Style {
  if (token.text === "?") return "question mark";
  return /^\$[0-9]/.test(token.text) ? "number" : "name";
}
