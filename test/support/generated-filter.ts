import fc from "fast-check";
import type { Column } from "../../src/catalog/catalog.js";
import type { JsonObject } from "../../src/value/json.js";
import { jsonAt } from "../../src/value/json.js";

/** What SQL makes of a condition and a row: null is its NULL. */
export type Truth = boolean | null;

/** A filter clause, the SQL that says the same in another way, and what it means for one of Stripe's objects. */
export interface GeneratedFilter {
  readonly clause: string;
  readonly sql: string;
  readonly holds: (object: JsonObject) => Truth;
}

/** An entity's raw objects, and the columns whose values in them conditions are made of. */
export interface EntitySample {
  readonly columns: readonly Column[];
  readonly objects: readonly JsonObject[];
}

/** A value that can be compared: texts with texts, all others with their kind as numbers of 10^-12. */
type Comparable = string | bigint;

/** A value as a filter clause writes it, as SQL does, and what it is; undefined for NULL. */
interface WrittenValue {
  readonly clause: string;
  readonly sql: string;
  readonly is: Comparable | undefined;
}

/** Something with a value in each object: a column, or a key of the metadata. */
interface Subject {
  /** Its spellings in a clause. */
  readonly names: readonly string[];
  readonly sql: string;
  readonly type: Column["type"];
  readonly read: (object: JsonObject) => Comparable | undefined;
  readonly values: readonly Comparable[];
}

/** Conditions over an entity: of one field, and these under AND, OR, NOT and parentheses. */
export function filterOn(sample: EntitySample): fc.Arbitrary<GeneratedFilter> {
  const leaf = fc.constantFrom(...subjectsOf(sample)).chain(conditionOn);
  return fc.letrec<{ filter: GeneratedFilter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }).map((parts) => parts.reduce(both)),
      },
      {
        weight: 2,
        arbitrary: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }).map((parts) => parts.reduce(either)),
      },
      { weight: 1, arbitrary: tie("filter").map(contrary) },
    ),
  })).filter;
}

export const both = (a: GeneratedFilter, b: GeneratedFilter): GeneratedFilter => ({
  clause: `(${a.clause}) AND (${b.clause})`,
  sql: `(${a.sql}) AND (${b.sql})`,
  holds: (object) => and(a.holds(object), b.holds(object)),
});

export const either = (a: GeneratedFilter, b: GeneratedFilter): GeneratedFilter => ({
  clause: `(${a.clause})\tor (${b.clause})`,
  sql: `(${a.sql}) OR (${b.sql})`,
  holds: (object) => or(a.holds(object), b.holds(object)),
});

export const contrary = (a: GeneratedFilter): GeneratedFilter => ({
  clause: `NOT(${a.clause})`,
  sql: `NOT (${a.sql})`,
  holds: (object) => not(a.holds(object)),
});

const not = (a: Truth): Truth => (a === null ? null : !a);
const and = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const or = (a: Truth, b: Truth): Truth => not(and(not(a), not(b)));

const unit = 10n ** 12n;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function subjectsOf({ columns, objects }: EntitySample): readonly Subject[] {
  const plain = columns.flatMap((column) => (column.type === "JSON" || column.hidden ? [] : columnSubject(column)));
  const keys = new Set(objects.flatMap((object) => Object.keys(jsonAt(object, ["metadata"]) ?? {})));
  return [...plain, ...[...keys].map(keySubject)]
    .map((subject) => ({ ...subject, values: distinct(objects.flatMap((object) => subject.read(object) ?? [])) }))
    .filter(({ values }) => values.length > 0);
}

const distinct = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

function columnSubject({ name, stripeName, type, path }: Column): Subject {
  return {
    names: [name, name.toLowerCase(), stripeName, `"${name}"`],
    sql: name,
    type,
    read: (object) => comparable(jsonAt(object, path), type),
    values: [],
  };
}

function keySubject(key: string): Subject {
  return {
    names: [`Metadata.${key}`, `metadata."${key}"`],
    sql: `Metadata->>${quoted(key)}`,
    type: "VARCHAR",
    read: (object) => comparable(jsonAt(object, ["metadata", key]), "VARCHAR"),
    values: [],
  };
}

/** A field as Stripe sends it: Unix seconds, decimals as texts, an expanded object for its id. */
function comparable(raw: unknown, type: Column["type"]): Comparable | undefined {
  if (raw === null || raw === undefined) return undefined;
  if (type === "VARCHAR") return typeof raw === "string" ? raw : undefined;
  if (typeof raw === "boolean") return raw ? unit : 0n;
  return scaled(String(raw));
}

function scaled(text: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  if (whole === "") throw new Error(`no number: ${text}`);
  const magnitude = BigInt(whole) * unit + BigInt(fraction.padEnd(12, "0"));
  return sign === "-" ? -magnitude : magnitude;
}

function decimal(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = String(magnitude % unit)
    .padStart(12, "0")
    .replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${magnitude / unit}${fraction === "" ? "" : `.${fraction}`}`;
}

/** As the local engine orders texts: by their bytes. */
function compare(a: Comparable, b: Comparable): number {
  if (typeof a === "string" || typeof b === "string")
    return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  return a < b ? -1 : a > b ? 1 : 0;
}

const operators = {
  "=": (order: number) => order === 0,
  "<>": (order: number) => order !== 0,
  "!=": (order: number) => order !== 0,
  "<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  ">": (order: number) => order > 0,
  ">=": (order: number) => order >= 0,
} as const;

type Operator = keyof typeof operators;

function judge(a: Comparable | undefined, operator: Operator, b: Comparable | undefined): Truth {
  return a === undefined || b === undefined ? null : operators[operator](compare(a, b));
}

function conditionOn(subject: Subject): fc.Arbitrary<GeneratedFilter> {
  const value = valueFor(subject);
  return fc
    .constantFrom(...subject.names)
    .chain((name) =>
      fc.oneof(
        { weight: 6, arbitrary: comparison(subject, name, value) },
        { weight: 3, arbitrary: membership(subject, name, value) },
        { weight: 2, arbitrary: range(subject, name, value) },
        { weight: 1, arbitrary: nullTest(subject, name) },
        ...(subject.type === "VARCHAR" ? [{ weight: 2, arbitrary: likeness(subject, name) }] : []),
      ),
    );
}

function comparison(
  { sql, read }: Subject,
  name: string,
  value: fc.Arbitrary<WrittenValue>,
): fc.Arbitrary<GeneratedFilter> {
  const operator = fc.constantFrom(...(Object.keys(operators) as readonly Operator[]));
  return fc.tuple(operator, value, fc.constantFrom("", " ")).map(([sign, given, space]) => ({
    clause: `${name}${space}${sign}${space}${given.clause}`,
    sql: `${sql} ${sign} ${given.sql}`,
    holds: (object) => judge(read(object), sign, given.is),
  }));
}

const negation = fc.constantFrom(false, false, true);
const contraryIf = (negated: boolean, truth: Truth): Truth => (negated ? not(truth) : truth);

function membership(
  { sql, read }: Subject,
  name: string,
  value: fc.Arbitrary<WrittenValue>,
): fc.Arbitrary<GeneratedFilter> {
  return fc.tuple(negation, fc.array(value, { minLength: 1, maxLength: 4 })).map(([negated, given]) => ({
    clause: `${name} ${negated ? "not " : ""}IN (${given.map(({ clause }) => clause).join(",")})`,
    sql: `${sql} ${negated ? "NOT " : ""}IN (${given.map((one) => one.sql).join(", ")})`,
    holds: (object) =>
      contraryIf(negated, given.map(({ is }) => judge(read(object), "=", is)).reduce<Truth>(or, false)),
  }));
}

function range({ sql, read }: Subject, name: string, value: fc.Arbitrary<WrittenValue>): fc.Arbitrary<GeneratedFilter> {
  return fc.tuple(negation, value, value).map(([negated, low, high]) => ({
    clause: `${name} ${negated ? "NOT " : ""}between ${low.clause} and ${high.clause}`,
    sql: `(${sql} ${negated ? "NOT " : ""}BETWEEN ${low.sql} AND ${high.sql})`,
    holds: (object) => contraryIf(negated, and(judge(read(object), ">=", low.is), judge(read(object), "<=", high.is))),
  }));
}

function nullTest({ sql, read }: Subject, name: string): fc.Arbitrary<GeneratedFilter> {
  return fc.boolean().map((negated) => ({
    clause: `${name} is ${negated ? "NOT " : ""}null`,
    sql: `(${sql}) IS ${negated ? "NOT " : ""}NULL`,
    holds: (object) => (read(object) === undefined) !== negated,
  }));
}

/** Of a text that is there: its beginning, its end or a part, some characters left open. */
function likeness({ sql, read, values }: Subject, name: string): fc.Arbitrary<GeneratedFilter> {
  const pattern = fc.tuple(fc.constantFrom(...values.map(String)), fc.nat(8), fc.nat(8), fc.constantFrom("%", "_", ""));
  return fc.tuple(negation, pattern).map(([negated, [text, start, length, wild]]) => {
    const characters = [...text];
    const part = characters.slice(start, start + length).join("");
    const like = quoted(`${start === 0 ? "" : "%"}${part}${wild}`);
    const matcher = new RegExp(
      `^${start === 0 ? "" : ".*"}${escaped(part)}${{ "%": ".*", _: ".", "": "" }[wild] ?? ""}$`,
      "su",
    );
    return {
      clause: `${name} ${negated ? "NOT " : ""}LIKE ${like}`,
      sql: `(${sql}) ${negated ? "NOT " : ""}LIKE ${like}`,
      holds: (object: JsonObject) => {
        const value = read(object);
        return value === undefined ? null : contraryIf(negated, matcher.test(String(value)));
      },
    };
  });
}

/** A part's own % and _ stay wild. */
function escaped(part: string): string {
  return part
    .replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
}

function valueFor(subject: Subject): fc.Arbitrary<WrittenValue> {
  const nothing: WrittenValue = { clause: "NULL", sql: "NULL", is: undefined };
  return fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...subject.values).chain((value) => writtenForms(value, subject.type)) },
    { weight: 1, arbitrary: fc.constant(nothing) },
  );
}

function writtenForms(value: Comparable, type: Column["type"]): fc.Arbitrary<WrittenValue> {
  if (typeof value === "string") return textForms(value);
  if (type === "BOOLEAN") return truthForms();
  return type === "TIMESTAMPTZ" ? timeForms(value) : numberForms(value);
}

/** The text itself most often; bare where it is a number; else one that just misses it. */
function textForms(text: string): fc.Arbitrary<WrittenValue> {
  const form = (is: string, clause = quoted(is)): WrittenValue => ({ clause, sql: quoted(is), is });
  const bare = /^[+-]?\d+(\.\d+)?$/.test(text) ? [form(text, text)] : [];
  const misses = [text.toUpperCase(), `${text}x`, ` ${text}`, text.slice(0, -1), ""].map((one) => form(one));
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(form(text), ...bare) },
    { weight: 1, arbitrary: fc.constantFrom(...misses) },
  );
}

function truthForms(): fc.Arbitrary<WrittenValue> {
  const form = (is: boolean) => (clause: string) => ({ clause, sql: String(is).toUpperCase(), is: is ? unit : 0n });
  return fc.constantFrom(
    ...["TRUE", "true", "'true'", "1", "'1'", "1.0"].map(form(true)),
    ...["FALSE", "False", "'FALSE'", "0", "'0'", "00"].map(form(false)),
  );
}

function numberForms(value: bigint): fc.Arbitrary<WrittenValue> {
  return fc.constantFrom(0n, 0n, 0n, unit, -unit, unit / 2n, -unit / 2n, 1n).chain((shift) => {
    const is = value + shift;
    const text = decimal(is);
    const isWhole = is % unit === 0n;
    const sign = is < 0n ? "-" : "";
    const magnitude = text.replace("-", "");
    const clauses = [
      text,
      quoted(text),
      quoted(` ${text} `),
      `${sign}00${magnitude}`,
      `${sign}${magnitude}e0`,
      ...(isWhole ? [`${text}.0`, quoted(`${text}.000`), `${text}0e-1`] : [`${text}0`]),
      ...(is >= 0n ? [`+${text}`] : []),
    ];
    return fc.constantFrom(...clauses).map((clause) => ({ clause, sql: text, is }));
  });
}

/** A moment in the ways it is written, and those a second beside it; or the beginning of its day. */
function timeForms(value: bigint): fc.Arbitrary<WrittenValue> {
  return fc.constantFrom(0, 0, 0, 1, -1).chain((shift) => {
    const seconds = Number(value / unit) + shift;
    const iso = new Date(seconds * 1000).toISOString();
    const midnight = Date.parse(iso.slice(0, 10)) / 1000;
    const eastern = new Date((seconds + 7200) * 1000).toISOString().replace(".000Z", "+02:00");
    const clauses = [
      String(seconds),
      quoted(String(seconds)),
      `${seconds}.0`,
      quoted(iso),
      quoted(iso.replace("T", " ").replace(".000Z", "")),
      `TIMESTAMP ${quoted(iso.replace(".000Z", ""))}`,
      `timestamptz${quoted(eastern)}`,
    ];
    const moment = (at: number) => (clause: string) => ({ clause, sql: `to_timestamp(${at})`, is: BigInt(at) * unit });
    const day = [`DATE ${quoted(iso.slice(0, 10))}`, quoted(iso.slice(0, 10))].map(moment(midnight));
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...clauses.map(moment(seconds))) },
      { weight: 1, arbitrary: fc.constantFrom(...day) },
    );
  });
}
