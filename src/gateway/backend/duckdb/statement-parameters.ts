import type { SqlValue } from "../../../driver/api.js";
import { formatAt } from "../../../protocol/format-code.js";
import { readTokensIfWhole } from "../../../syntax/read-tokens.js";
import { keywordOf } from "../../../syntax/token.js";
import type { DataType } from "../../../value/data-type.js";
import type { BoundParameters } from "../../session/session-backend.js";
import { sessionError } from "../../session/session-error.js";
import { columnType, typeOid } from "../../types/column-type.js";
import { decodeParameter } from "../../types/decode-parameter.js";
import { postgresTypes } from "../../types/postgres-type.js";
import { undefinedParameter } from "../statement-refusals.js";

/**
 * A statement's parameters, numbered as a client binds them: $1 has its own number, `?` and names have theirs in the
 * order in which the text has them first.
 */
export class StatementParameters {
  /** By the places that the driver gives them. */
  readonly #numbers: readonly number[];
  readonly #count: number;
  readonly #given: readonly number[];
  readonly #arrays: ReadonlySet<number>;

  /** @param given OIDs by number, as far as the client tells them; 0 for none. */
  constructor(
    { text, parameters }: { readonly text: string; readonly parameters: readonly string[] },
    given: readonly number[],
  ) {
    this.#numbers = parameters.map((name, index) => (/^\d+$/.test(name) ? Number(name) : index + 1));
    this.#count = Math.max(0, ...this.#numbers);
    this.#given = given;
    this.#arrays = parameters.length === 0 ? new Set() : this.#arraysOf(text);
  }

  /** OIDs by number: as the client gave them, else as their places tell them, else text. `known`: by the driver's places. */
  types(known: ReadonlyMap<number, DataType>): readonly number[] {
    const types = Array.from({ length: this.#count }, (_, index) => this.#given[index] ?? 0);
    for (const [index, number] of this.#numbers.entries()) {
      const type = known.get(index + 1);
      if (types[number - 1] !== 0 || type === undefined || !isKnown(type)) continue;
      const { type: name, isArray } = columnType(type);
      types[number - 1] = typeOid({ ...columnType(type), type: name, isArray: isArray || this.#arrays.has(number) });
    }
    const { oid, arrayOid } = postgresTypes.text;
    return types.map((type, index) => (type !== 0 ? type : this.#arrays.has(index + 1) ? arrayOid : oid));
  }

  /** Values to describe a statement with before more is known of its parameters: an element for each array. */
  arraySamples(): readonly (SqlValue | undefined)[] | undefined {
    if (this.#arrays.size === 0) return undefined;
    return this.#numbers.map((number) => (this.#arrays.has(number) ? [null] : undefined));
  }

  /** Values of the types that the client binds: columns may have their types by those. Undefined without parameters. */
  samples(types: readonly number[]): readonly SqlValue[] | undefined {
    if (this.#numbers.length === 0) return undefined;
    return this.#numbers.map((number) => {
      const sample = sampleOf(types[number - 1] ?? 0);
      return this.#arrays.has(number) ? [sample] : sample;
    });
  }

  /** Those that the client says are arrays, and those of `= ANY ($1)`. */
  #arraysOf(text: string): ReadonlySet<number> {
    const arrays = this.#given.flatMap((oid, index) => (elementOids.has(oid) ? [index + 1] : []));
    return new Set([...arrays, ...quantified(text)]);
  }
}

const isKnown = ({ kind }: DataType): boolean => kind !== "SQLNULL";

/** The numbers of `?` and `$1` that stand alone behind ANY, SOME or ALL. */
function quantified(text: string): readonly number[] {
  if (!/\b(any|some|all)\b/i.test(text)) return [];
  const tokens = readTokensIfWhole(text) ?? [];
  let marks = 0;
  return tokens.flatMap((token, index) => {
    if (token.kind !== "parameter") return [];
    if (token.text === "?") marks += 1;
    const number = token.text === "?" ? marks : Number(token.text.slice(1));
    const [word, open] = [keywordOf(tokens[index - 2]), tokens[index - 1]];
    const isQuantified = (word === "ANY" || word === "SOME" || word === "ALL") && open?.text === "(";
    return isQuantified && Number.isInteger(number) ? [number] : [];
  });
}

const { bool, int2, int4, int8, float4, float8, numeric, date, timestamp, timestamptz, uuid, json, jsonb } =
  postgresTypes;

/** As `decodeParameter` gives them: what is neither a number nor a truth value is a text. */
const samples: ReadonlyMap<number, string | number | boolean> = new Map<number, string | number | boolean>([
  [bool.oid, true],
  ...[int2, int4, int8].map(({ oid }) => [oid, 0] as const),
  ...[float4, float8].map(({ oid }) => [oid, 0.5] as const),
  [numeric.oid, "0"],
  [date.oid, "2000-01-01"],
  [timestamp.oid, "2000-01-01 00:00:00"],
  [timestamptz.oid, "2000-01-01 00:00:00+00"],
  [uuid.oid, "00000000-0000-0000-0000-000000000000"],
  ...[json, jsonb].map(({ oid }) => [oid, "{}"] as const),
]);

/** Of an array, one of its elements. */
const sampleOf = (oid: number): string | number | boolean => samples.get(elementOids.get(oid) ?? oid) ?? "";

/** OIDs of the elements, by those of the arrays. */
const elementOids: ReadonlyMap<number, number> = new Map(
  Object.values(postgresTypes).map(({ oid, arrayOid }) => [arrayOid, oid]),
);

/** What was bound, by number. Fails with 42P02 where nothing was, as in a simple query. */
export function boundValues(
  parameters: readonly string[],
  { types, formats, values }: BoundParameters,
): readonly SqlValue[] {
  const count = Math.max(0, ...parameters.map((name, index) => (/^\d+$/.test(name) ? Number(name) : index + 1)));
  if (count > values.length) {
    throw sessionError(`there is no parameter $${values.length + 1}`, undefinedParameter, {
      hint: "A simple query binds none: use PREPARE and EXECUTE, or a client that binds values.",
    });
  }
  return values
    .slice(0, count)
    .map((bytes, index) =>
      decodeParameter({ bytes, format: formatAt(formats, index), typeOid: types[index] ?? 0, place: index + 1 }),
    );
}
