import { parseJson } from "./exact-number.js";
import type { Json, JsonObject } from "./json.js";

/**
 * Reads a list as Stripe answers it, of each object in its `data` only the fields that are named. What is between them
 * is passed over byte by byte, in about a third of the time that parsing it takes, and nothing is made of it. It is told
 * apart, not judged: a number, a word or an escape that is no JSON goes unseen there.
 *
 * @throws SyntaxError where the text is no JSON, or no such list: parsing all of it tells which.
 */
export function readJsonList(bytes: Buffer, fields: ReadonlySet<string>): JsonObject {
  const wanted = wantedFields(fields);
  const list: Record<string, Json> = {};
  let rows: JsonObject[] | undefined;
  let at = firstMember(bytes, closeBrace, behind(bytes, openBrace, 0));
  while (at >= 0) {
    const nameEnd = endOfName(bytes, at);
    const name = bytes.toString("utf8", at + 1, nameEnd - 1);
    at = startOfValue(bytes, nameEnd);
    if (name === "data") {
      rows = [];
      at = nextMember(bytes, closeBrace, readRows(bytes, at, wanted, rows));
    } else {
      const end = endOfValue(bytes, at);
      list[name] = parseJson(bytes.toString("utf8", at, end)) as Json;
      at = nextMember(bytes, closeBrace, end);
    }
  }
  if (rows === undefined || pastSpace(bytes, -at) !== bytes.length) throw unreadable();
  return { ...list, data: rows };
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const space = 0x20;
const zero = 0x30;
const nine = 0x39;
const firstBeyondAscii = 0x80;

/** So many digits are a whole number that a double holds. */
const safeDigits = 15;

/** A name that is looked for. */
interface WantedField {
  readonly name: string;
  readonly bytes: Buffer;
  /** Where its last text stands, and that text: enums, currencies and keys come again and again. */
  from: number;
  to: number;
  text: string;
}

interface WantedFields {
  /** By the length of their names. */
  readonly named: readonly (readonly WantedField[] | undefined)[];
  /** Of the last row: mostly the next one has the same. */
  shape: RowShape;
}

interface RowShape {
  readonly fields: readonly WantedField[];
  /** A row with these fields, each NULL: a copy of it is a third in size of an object that grows by one field after the other. */
  readonly empty: JsonObject;
}

function wantedFields(names: ReadonlySet<string>): WantedFields {
  const named: WantedField[][] = [];
  for (const name of names) {
    const field = { name, bytes: Buffer.from(name), from: 0, to: 0, text: "" };
    named[field.bytes.length] = [...(named[field.bytes.length] ?? []), field];
  }
  return { named, shape: shapeOf([]) };
}

function shapeOf(fields: readonly WantedField[]): RowShape {
  const members = fields.map(({ name }) => `${JSON.stringify(name)}:null`);
  return { fields: [...fields], empty: JSON.parse(`{${members.join(",")}}`) as JsonObject };
}

const isOfShape = ({ fields }: RowShape, found: readonly WantedField[]): boolean =>
  fields.length === found.length && fields.every((field, index) => field === found[index]);

/** The end of the rows that begin at a place. */
function readRows(bytes: Buffer, start: number, wanted: WantedFields, rows: JsonObject[]): number {
  let at = firstMember(bytes, closeBracket, behind(bytes, openBracket, start));
  while (at >= 0) {
    const found: FoundFields = { fields: [], values: [] };
    at = readRow(bytes, at, wanted, found);
    rows.push(rowOf(found, wanted));
    at = nextMember(bytes, closeBracket, at);
  }
  return -at;
}

interface FoundFields {
  readonly fields: WantedField[];
  readonly values: Json[];
}

function rowOf({ fields, values }: FoundFields, wanted: WantedFields): JsonObject {
  if (!isOfShape(wanted.shape, fields)) wanted.shape = shapeOf(fields);
  const row: Record<string, Json> = { ...wanted.shape.empty };
  for (let index = 0; index < fields.length; index += 1) row[fields[index]?.name ?? ""] = values[index] ?? null;
  return row;
}

function readRow(bytes: Buffer, start: number, wanted: WantedFields, found: FoundFields): number {
  let at = firstMember(bytes, closeBrace, behind(bytes, openBrace, start));
  while (at >= 0) {
    const nameEnd = endOfName(bytes, at);
    const field = fieldNamed(bytes, at + 1, nameEnd - 1, wanted);
    at = startOfValue(bytes, nameEnd);
    const end = endOfValue(bytes, at);
    if (field !== undefined) {
      found.fields.push(field);
      found.values.push(readValue(bytes, at, end, field));
    }
    at = nextMember(bytes, closeBrace, end);
  }
  return -at;
}

/** The first member's start; where there is none, the end, below zero. */
function firstMember(bytes: Buffer, close: number, from: number): number {
  const at = pastSpace(bytes, from);
  return bytes[at] === close ? -(at + 1) : at;
}

/** The same behind a member. */
function nextMember(bytes: Buffer, close: number, from: number): number {
  const at = pastSpace(bytes, from);
  const byte = bytes[at];
  if (byte === comma) return pastSpace(bytes, at + 1);
  if (byte === close) return -(at + 1);
  throw unreadable();
}

function behind(bytes: Buffer, byte: number, from: number): number {
  const at = pastSpace(bytes, from);
  if (bytes[at] !== byte) throw unreadable();
  return at + 1;
}

function pastSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) <= space) at += 1;
  return at;
}

/** A name with an escape in it may be any: Stripe has none. */
function endOfName(bytes: Buffer, start: number): number {
  if (bytes[start] !== quote) throw unreadable();
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === quote) return at + 1;
    if (bytes[at] === backslash) break;
  }
  throw unreadable();
}

function startOfValue(bytes: Buffer, nameEnd: number): number {
  return pastSpace(bytes, behind(bytes, colon, nameEnd));
}

function fieldNamed(bytes: Buffer, from: number, to: number, wanted: WantedFields): WantedField | undefined {
  const fields = wanted.named[to - from];
  if (fields === undefined) return undefined;
  for (const field of fields) if (isSame(bytes, from, field.bytes, 0, to - from)) return field;
  return undefined;
}

function endOfValue(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === quote) return endOfText(bytes, at + 1);
  return byte === openBrace || byte === openBracket ? endOfNested(bytes, at) : endOfWord(bytes, at);
}

/** @param from Behind the opening quote. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  throw unreadable();
}

/** Braces and brackets have to be closed by as many of their own kind: where they are not, what follows may be of another row. */
function endOfNested(bytes: Buffer, from: number): number {
  let [braces, brackets] = [0, 0];
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at + 1) - 1;
    else if (byte === openBrace) braces += 1;
    else if (byte === openBracket) brackets += 1;
    else if (byte === closeBrace) braces -= 1;
    else if (byte === closeBracket) brackets -= 1;
    if (braces + brackets > 0) continue;
    if (braces !== 0) break;
    return at + 1;
  }
  throw unreadable();
}

function endOfWord(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte <= space || byte === comma || byte === closeBrace || byte === closeBracket) break;
  }
  if (at === from) throw unreadable();
  return at;
}

function readValue(bytes: Buffer, from: number, to: number, field: WantedField): Json {
  if (bytes[from] === quote) return textOf(bytes, from, to, field);
  for (const { text, value } of words)
    if (text.length === to - from && isSame(bytes, from, text, 0, text.length)) return value;
  return wholeNumber(bytes, from, to) ?? (parseJson(bytes.toString("utf8", from, to)) as Json);
}

const words = [null, false, true].map((value) => ({ value, text: Buffer.from(String(value)) }));

function textOf(bytes: Buffer, from: number, to: number, field: WantedField): string {
  const length = to - from;
  if (field.to - field.from === length && isSame(bytes, from, bytes, field.from, length)) return field.text;
  field.from = from;
  field.to = to;
  field.text = isPlain(bytes, from + 1, to - 1)
    ? bytes.toString("latin1", from + 1, to - 1)
    : (JSON.parse(bytes.toString("utf8", from, to)) as string);
  return field.text;
}

/** Ids differ at their ends. */
function isSame(bytes: Buffer, from: number, others: Buffer, start: number, length: number): boolean {
  for (let index = length - 1; index >= 0; index -= 1) if (bytes[from + index] !== others[start + index]) return false;
  return true;
}

/** Whether a text stands for itself, byte by byte. */
function isPlain(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < space || byte === backslash || byte >= firstBeyondAscii) return false;
  }
  return true;
}

/** Undefined for a number that is spelled otherwise, or may be too long for a double. */
function wholeNumber(bytes: Buffer, from: number, to: number): number | undefined {
  if (to - from > safeDigits || (to - from > 1 && bytes[from] === zero)) return undefined;
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return undefined;
    number = number * 10 + (byte - zero);
  }
  return number;
}

const unreadable = (): SyntaxError => new SyntaxError("The text is no list in JSON");
