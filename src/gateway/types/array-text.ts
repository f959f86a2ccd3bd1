import { SqlState } from "../../error/sql-state.js";
import { shownText, valueError } from "./value-error.js";

/** Dimensions that an array of PostgreSQL's may have. */
export const mostDimensions = 6;

const needsQuotes = /^$|[{}",\\ \t\n\v\f\r]|^null$/i;

/** The text of an array of one dimension, by its elements' texts: `{1,NULL,"a b"}`. */
export function arrayText(elements: readonly (string | null)[]): string {
  return `{${elements.map(elementText).join(",")}}`;
}

function elementText(text: string | null): string {
  if (text === null) return "NULL";
  return needsQuotes.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

/** Elements of a text, arrays where there are dimensions below. */
export type ArrayElements = readonly (string | null | ArrayElements)[];

/** Reads an array's text. One that is none is the error 22P02. */
export function parseArrayText(text: string): ArrayElements {
  return new ArrayParser(text).parse();
}

const bounds = /^\s*(?:\[[+-]?\d+(?::[+-]?\d+)?\]){1,6}\s*=/;

type Sign = "{" | "}" | ",";

interface Token {
  readonly kind: "quoted" | "plain" | Sign | "end";
  readonly text: string;
}

class ArrayParser {
  readonly #text: string;
  #offset: number;

  constructor(text: string) {
    this.#text = text;
    this.#offset = bounds.exec(text)?.[0].length ?? 0;
  }

  parse(): ArrayElements {
    if (this.#next().kind !== "{") throw this.#malformed();
    const elements = this.#elements(1);
    if (this.#next().kind !== "end" || !isRectangular(elements)) throw this.#malformed();
    return elements;
  }

  /** Those up to the brace that closes them. */
  #elements(depth: number): ArrayElements {
    if (depth > mostDimensions) throw tooManyDimensions(depth);
    const elements: (string | null | ArrayElements)[] = [];
    let read = this.#next();
    if (read.kind === "}") return elements;
    for (;;) {
      elements.push(this.#element(read, depth));
      const { kind } = this.#next();
      if (kind === "}") return elements;
      if (kind !== ",") throw this.#malformed();
      read = this.#next();
    }
  }

  #element({ kind, text }: Token, depth: number): string | null | ArrayElements {
    if (kind === "{") return this.#elements(depth + 1);
    if (kind === "quoted") return unescaped(text);
    if (kind === "plain") return /^null$/i.test(text) ? null : unescaped(text);
    throw this.#malformed();
  }

  /** What stands next, read character by character: no text is too long, and none is looked at twice. */
  #next(): Token {
    this.#skipSpace();
    const sign = this.#text.charAt(this.#offset);
    if (sign === "") return { kind: "end", text: "" };
    if (sign === '"') return this.#quoted();
    if (sign !== "{" && sign !== "}" && sign !== ",") return this.#plain();
    this.#offset += 1;
    this.#skipSpace();
    return { kind: sign, text: sign };
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#offset))) this.#offset += 1;
  }

  #quoted(): Token {
    const start = this.#offset + 1;
    let end = start;
    while (this.#text.charAt(end) !== '"') {
      if (end >= this.#text.length) throw this.#malformed();
      end += this.#text.charAt(end) === "\\" ? 2 : 1;
    }
    this.#offset = end + 1;
    return { kind: "quoted", text: this.#text.slice(start, end) };
  }

  /** Up to the next sign; the space before that does not count. */
  #plain(): Token {
    const start = this.#offset;
    let [at, end] = [start, start];
    while (at < this.#text.length && !'{},"'.includes(this.#text.charAt(at))) {
      const isEscape = this.#text.charAt(at) === "\\";
      const next = at + (isEscape ? 2 : 1);
      if (isEscape || !isSpace(this.#text.charCodeAt(at))) end = next;
      at = next;
    }
    if (end > this.#text.length) throw this.#malformed();
    this.#offset = at;
    return { kind: "plain", text: this.#text.slice(start, end) };
  }

  #malformed() {
    return valueError(`malformed array literal: "${shownText(this.#text)}"`, SqlState.invalidTextRepresentation);
  }
}

/** The white space of C. */
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

const unescaped = (text: string): string => text.replace(/\\([\s\S])/g, "$1");

/** All arrays of one dimension are as long as each other. */
function isRectangular(elements: ArrayElements): boolean {
  const inner = elements.filter((element) => Array.isArray(element));
  if (inner.length === 0) return true;
  const [first] = inner;
  return (
    inner.length === elements.length &&
    inner.every((array) => array.length === first?.length && isRectangular(array) && depthOf(array) === depthOf(first))
  );
}

function depthOf(elements: ArrayElements | undefined): number {
  const [first] = elements ?? [];
  return Array.isArray(first) ? 1 + depthOf(first) : 1;
}

export function tooManyDimensions(count: number) {
  return valueError(
    `number of array dimensions (${count}) exceeds the maximum allowed (${mostDimensions})`,
    SqlState.programLimitExceeded,
  );
}
