/** Fields of an answer by name, "*" for all; of each, either the whole or fields of its own. */
export interface FieldMask {
  readonly fields: ReadonlyMap<string, FieldMask>;
  readonly isWhole: boolean;
}

/** A text that is no field mask. */
export class FieldMaskError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FieldMaskError";
  }
}

/** Levels that a mask may have: no answer has more. */
const deepest = 40;

/**
 * The fields that a text selects: "entities(name,fields/Email),nextPageToken". Fails with a FieldMaskError.
 * Source: https://docs.cloud.google.com/apis/docs/system-parameters, https://google.aip.dev/157
 */
export function parseFieldMask(text: string): FieldMask {
  const reader = new FieldMaskReader([...text.matchAll(/[^\s,()/.]+|[,()/.]/g)].map(([token]) => token));
  return reader.readMask();
}

class Fields implements FieldMask {
  readonly fields = new Map<string, Fields>();
  isWhole = false;

  at(name: string): Fields {
    const field = this.fields.get(name) ?? new Fields();
    this.fields.set(name, field);
    return field;
  }
}

class FieldMaskReader {
  readonly #tokens: readonly string[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** mask = fields END */
  readMask(): FieldMask {
    const mask = new Fields();
    this.#readFields(mask);
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new FieldMaskError(`"${shortened(rest)}" is not expected`);
    return mask;
  }

  /** fields = field ("," field)* */
  #readFields(mask: Fields): void {
    do this.#readField(mask);
    while (this.#take(","));
  }

  /** field = name (("/" | ".") name)* ["(" fields ")"] */
  #readField(mask: Fields): void {
    const depth = this.#depth;
    let field = mask.at(this.#readName());
    while (this.#take("/") || this.#take(".")) field = field.at(this.#readName());
    if (this.#take("(")) {
      this.#readFields(field);
      if (!this.#take(")")) throw new FieldMaskError("a closing parenthesis is missing");
    } else {
      field.isWhole = true;
    }
    this.#depth = depth;
  }

  #readName(): string {
    const name = this.#tokens[this.#next];
    if (name === undefined || /^[,()/.]$/.test(name)) throw new FieldMaskError("a name is missing");
    this.#depth += 1;
    if (this.#depth > deepest) throw new FieldMaskError(`more than ${deepest} levels`);
    this.#next += 1;
    return name;
  }

  #take(token: string): boolean {
    const isNext = this.#tokens[this.#next] === token;
    if (isNext) this.#next += 1;
    return isNext;
  }
}

/**
 * As much of an answer as a mask selects. Each object of a list has its fields selected. A name with dots, as actions'
 * results have them, is selected by the names between the dots.
 */
export function selectFields(answer: unknown, mask: FieldMask): unknown {
  return select(answer, [mask]);
}

/** By several masks at once: "*" and a name may both lead here. */
function select(value: unknown, masks: readonly FieldMask[]): unknown {
  if (masks.some(({ isWhole }) => isWhole)) return value;
  if (Array.isArray(value)) return value.flatMap((one) => (isObject(one) ? [select(one, masks)] : []));
  if (!isObject(value)) return undefined;
  const selected = Object.entries(value).flatMap(([name, field]) => {
    const beneath = masksAt(name, masks);
    const kept = beneath.length === 0 ? undefined : select(field, beneath);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(selected);
}

function masksAt(name: string, masks: readonly FieldMask[]): readonly FieldMask[] {
  let found = masks;
  for (const part of name.split(".")) {
    // What is selected whole holds whatever is beneath.
    found = found
      .flatMap((mask) => (mask.isWhole ? [mask] : [mask.fields.get(part), mask.fields.get("*")]))
      .filter(isMask);
  }
  return found;
}

function isMask(mask: FieldMask | undefined): mask is FieldMask {
  return mask !== undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
