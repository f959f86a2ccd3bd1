import type { Json } from "../../value/json.js";

/** A text that is no JSON, or JSON that could be taken in two ways. Its message repeats nothing of the text but names. */
export class JsonError extends Error {
  /** Offset in the text, in UTF-16 code units from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "JsonError";
    this.position = position;
  }
}

/** Nesting of objects and lists that a text may have. */
const deepest = 100;

/**
 * JSON as RFC 8259 has it. Refused beyond that is what JSON.parse would change without a word: the second of two equal
 * names, an integer that is rounded or a number past every double, half a character; and the name `__proto__`.
 */
export function parseJson(text: string): Json {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /[a-z]+/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const literals: ReadonlyMap<string, Json> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class JsonReader {
  private position = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Json {
    this.skipWhitespace();
    if (depth > deepest) throw this.error(`more than ${deepest} levels of nesting`);
    switch (this.text[this.position]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      case undefined:
        throw this.error("the text ends where a value is expected");
    }
    return this.number() ?? this.literal();
  }

  end(): void {
    this.skipWhitespace();
    if (this.position < this.text.length) throw this.error("expected the end of the text");
  }

  private object(depth: number): Json {
    const fields: Record<string, Json> = {};
    this.position += 1;
    if (this.takes("}")) return fields;
    do {
      const [name, value] = this.field(fields, depth);
      fields[name] = value;
    } while (this.takes(","));
    if (!this.takes("}")) throw this.error('expected "," or "}"');
    return fields;
  }

  private field(fields: Readonly<Record<string, Json>>, depth: number): readonly [string, Json] {
    this.skipWhitespace();
    const start = this.position;
    if (this.text[start] !== '"') throw this.error("expected a name in double quotes");
    const name = this.string();
    if (name === "__proto__") throw this.error('the name "__proto__" is not allowed', start);
    if (Object.hasOwn(fields, name))
      throw this.error(`the name ${JSON.stringify(shortened(name))} is given twice`, start);
    if (!this.takes(":")) throw this.error('expected ":"');
    return [name, this.value(depth + 1)];
  }

  private list(depth: number): Json {
    const items: Json[] = [];
    this.position += 1;
    if (this.takes("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.takes(","));
    if (!this.takes("]")) throw this.error('expected "," or "]"');
    return items;
  }

  private string(): string {
    const start = this.position;
    let escapes = false;
    for (this.position += 1; this.text[this.position] !== '"'; this.position += 1) {
      const code = this.text.charCodeAt(this.position);
      if (Number.isNaN(code)) throw this.error("the text ends within a string");
      if (code < 0x20) throw this.error("a control character within a string is to be escaped");
      if (code !== 0x5c) continue;
      const escaped = this.match(escapeSequence);
      if (escaped === undefined) throw this.error("no such escape");
      escapes = true;
      this.position -= 1;
    }
    this.position += 1;
    const raw = this.text.slice(start, this.position);
    return escapes ? this.unescaped(raw, start) : raw.slice(1, -1);
  }

  private unescaped(raw: string, start: number): string {
    const value: string = JSON.parse(raw);
    if (/\p{Surrogate}/u.test(value)) throw this.error("half of a surrogate pair", start);
    return value;
  }

  private number(): number | undefined {
    const start = this.position;
    const matched = this.match(number);
    if (matched === undefined) return undefined;
    const value = Number(matched);
    const isExact = Number.isSafeInteger(value) || (Number.isFinite(value) && /[.eE]/.test(matched));
    if (!isExact) {
      throw this.error("the number is too large to be kept exactly; give it as a text", start);
    }
    return value;
  }

  private literal(): Json {
    const start = this.position;
    const value = literals.get(this.match(word) ?? "");
    if (value === undefined) throw this.error("expected a value", start);
    return value;
  }

  private takes(character: string): boolean {
    this.skipWhitespace();
    if (this.text[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  private skipWhitespace(): void {
    while (isWhitespace(this.text.charCodeAt(this.position))) this.position += 1;
  }

  private match(pattern: RegExp): string | undefined {
    const start = this.position;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) return undefined;
    this.position = pattern.lastIndex;
    return this.text.slice(start, this.position);
  }

  private error(message: string, position = this.position): JsonError {
    return new JsonError(message, position);
  }
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
