import type { Alias, Document, LineCounter, Node, Pair } from "yaml";
import type { Mistake, Place } from "./mistake.js";
import type { Path } from "./path.js";
import { pathKey } from "./path.js";

export type PlacedMistake = Mistake & { readonly place: Place };

/** A document of YAML or JSON: its value, and where each part of it stands. */
export interface DocumentTree {
  /** Undefined where the text cannot be read. */
  readonly value: unknown;
  /** Of the text, whatever it says. */
  readonly mistakes: readonly PlacedMistake[];
  /** Of a value or of its key; of what it would stand in where it is missing. */
  place(path: Path, part: "key" | "value"): Place;
}

interface Offsets {
  readonly key: number;
  readonly value: number;
}

type Yaml = typeof import("yaml");

const mostNodes = 10_000;
const deepest = 50;

/**
 * The documents of a text. JSON is read as the YAML that it is. A key given twice, a text that is not YAML, and
 * aliases that grow beyond reason are mistakes; none of them quotes the text, which may hold a secret there.
 */
export async function readDocuments(text: string): Promise<readonly DocumentTree[]> {
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  try {
    // Keys are compared below, where their path is known.
    const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: "silent" } as const;
    const documents = yaml.parseAllDocuments(text, options);
    return [...documents].map((document) => new TreeReader(yaml, document, lines).read());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [unreadable("is too large, or nested too deeply")];
  }
}

const start: Place = { line: 1, column: 1 };

function unreadable(rule: string): DocumentTree {
  return { value: undefined, mistakes: [{ path: [], rule, place: start }], place: () => start };
}

/** Codes of whose messages none quotes the text. */
const quotelessCodes = new Set<string>([
  "BAD_INDENT",
  "BLOCK_AS_IMPLICIT_KEY",
  "BLOCK_IN_FLOW",
  "KEY_OVER_1024_CHARS",
  "MISSING_CHAR",
  "MULTILINE_IMPLICIT_KEY",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_TAGS",
  "TAB_AS_INDENT",
]);

class TreeReader {
  readonly #offsets = new Map<string, Offsets>();
  readonly #mistakes: PlacedMistake[] = [];
  #nodes = 0;

  constructor(
    private readonly yaml: Yaml,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  read(): DocumentTree {
    const { contents, errors, warnings } = this.document;
    if (errors.some(({ code }) => code === "RESOURCE_EXHAUSTION")) throw new RangeError("nested too deeply");
    this.#offsets.set(pathKey([]), { key: 0, value: contents?.range[0] ?? 0 });
    for (const { code, message, pos } of [...errors, ...warnings]) {
      const rule = `this is not YAML: ${quotelessCodes.has(code) ? message : code}`;
      this.#mistakes.push({ path: [], rule, place: this.#placeOf(pos[0]) });
    }
    const value = errors.length > 0 ? undefined : this.#value(contents, []);
    return {
      value,
      mistakes: this.#mistakes,
      place: (path, part) => this.#place(path, part),
    };
  }

  #value(node: Node | null, path: Path): unknown {
    this.#nodes += 1;
    if (this.#nodes > mostNodes || path.length > deepest) throw new RangeError("too much of a document");
    const { yaml } = this;
    if (yaml.isAlias(node)) return this.#value(this.#aliased(node), path);
    if (yaml.isMap<Node, Node | null>(node)) {
      return Object.fromEntries(node.items.flatMap((pair) => this.#entry(pair, path)));
    }
    if (yaml.isSeq<Node>(node)) {
      return node.items.map((item, index) => {
        const inner = [...path, index];
        this.#locate(inner, item, item);
        return this.#value(item, inner);
      });
    }
    return yaml.isScalar(node) ? node.value : null;
  }

  #aliased(alias: Alias): Node | null {
    return alias.resolve(this.document) ?? null;
  }

  #entry({ key, value }: Pair<Node, Node | null>, path: Path): readonly (readonly [string, unknown])[] {
    const place = this.#placeOf(key.range?.[0] ?? 0);
    if (!this.yaml.isScalar(key)) {
      this.#mistakes.push({ path, isKey: true, rule: "has a key that is no text", place });
      return [];
    }
    const name = String(key.value);
    const inner = [...path, name];
    if (this.#offsets.has(pathKey(inner))) {
      this.#mistakes.push({ path: inner, isKey: true, rule: "is given twice", place });
      return [];
    }
    this.#locate(inner, key, value);
    return [[name, this.#value(value, inner)]];
  }

  #locate(path: Path, key: Node | null, value: Node | null): void {
    const keyOffset = key?.range?.[0] ?? 0;
    this.#offsets.set(pathKey(path), { key: keyOffset, value: value?.range?.[0] ?? keyOffset });
  }

  #place(path: Path, part: "key" | "value"): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const offsets = this.#offsets.get(pathKey(path.slice(0, length)));
      if (offsets === undefined) continue;
      // What is missing is looked for where it would stand.
      return this.#placeOf(offsets[length === path.length ? part : "key"]);
    }
    return start;
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
