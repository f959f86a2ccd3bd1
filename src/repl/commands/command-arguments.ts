import { inHome } from "../home-path.js";
import type { Variables } from "../input/variables.js";
import { CommandMistake } from "./command-mistake.js";

/** What stands behind a command's name, read word by word. */
export class CommandArguments {
  readonly #words: string[];

  constructor(
    readonly command: string,
    words: readonly string[],
    /** The whole of it as it was typed, for commands that take a line. */
    readonly line: string,
  ) {
    this.#words = [...words];
  }

  /** The next word as it stands. */
  optional(): string | undefined {
    return this.#words.shift();
  }

  /** The next word that names something; a semicolon behind it is a habit. */
  name(): string | undefined {
    return this.optional()?.replace(/;$/, "") || undefined;
  }

  required(what: string): string {
    const word = this.name();
    if (word === undefined) throw new CommandMistake(`${this.command} needs ${what}`);
    return word;
  }

  /** One of a few words, or undefined where none is left. */
  choice<Choice extends string>(choices: readonly Choice[]): Choice | undefined {
    const word = this.name();
    const found = choices.find((choice) => choice === word);
    if (word !== undefined && found === undefined) {
      throw new CommandMistake(`${this.command} takes ${listed(choices)}, not "${word}"`);
    }
    return found;
  }

  file(): string | undefined {
    const word = this.name();
    return word === undefined ? undefined : inHome(word);
  }

  rest(): readonly string[] {
    return this.#words.splice(0);
  }

  /** Fails where a word is left that has no effect. */
  end(): void {
    const [extra] = this.#words;
    if (extra !== undefined && extra !== ";") {
      throw new CommandMistake(
        `${this.command}: "${extra}" is one word too many`,
        "A value with spaces in it stands in single quotes.",
      );
    }
  }
}

/** "on, off or auto" */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

export interface ReadWords {
  readonly words: readonly string[];
  /** What follows: a further command, or the statements behind `\\`. */
  readonly after: string;
}

const quotedPart = /^'((?:[^'\\]|''|\\[\s\S])*)'/;
const variablePart = /^:(?:'[\p{L}_][\p{L}\p{N}_]*'|"[\p{L}_][\p{L}\p{N}_]*"|[\p{L}_][\p{L}\p{N}_]*)/u;
const namePart = /^"(?:[^"]|"")*"/;

/**
 * Words as psql reads them: parted by spaces, '…' with `''` and `\n` in it, variables outside of it. A backslash that
 * begins a word begins the next command; two of them end the commands of a line.
 */
export function readWords(text: string, variables: Variables): ReadWords {
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest !== "" && !rest.startsWith("\\")) {
    const read = readWord(rest, variables);
    words.push(read.word);
    rest = read.rest.trimStart();
  }
  return { words, after: rest.startsWith("\\\\") ? rest.slice(2) : rest };
}

function readWord(text: string, variables: Variables): { readonly word: string; readonly rest: string } {
  let word = "";
  let rest = text;
  while (rest !== "" && !/^\s/.test(rest)) {
    const quoted = quotedPart.exec(rest);
    const part = quoted ?? variablePart.exec(rest) ?? namePart.exec(rest);
    if (quoted !== null) word += unescaped(quoted[1] ?? "");
    else if (part !== null) word += variables.interpolate(part[0]);
    else if (rest.startsWith("'")) throw new CommandMistake("a quotation is not closed");
    else word += rest.charAt(0);
    rest = rest.slice(part?.[0].length ?? 1);
  }
  return { word, rest };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/''|\\([\s\S])/g, (pair, escaped?: string) => {
    return escaped === undefined ? pair.charAt(0) : (escapes[escaped] ?? escaped);
  });
}
