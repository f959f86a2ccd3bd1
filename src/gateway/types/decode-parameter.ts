import type { SqlValue } from "../../driver/api.js";
import { SqlState } from "../../error/sql-state.js";
import type { Format } from "../../protocol/format-code.js";
import { MessageBody } from "../../protocol/message-body.js";
import { decodeUtf8 } from "../../protocol/utf8.js";
import type { ArrayElements } from "./array-text.js";
import { parseArrayText } from "./array-text.js";
import { decodeArray } from "./decode-array.js";
import { decodeBinary } from "./decode-binary.js";
import { decodeText } from "./decode-text.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { postgresTypes } from "./postgres-type.js";
import { valueError } from "./value-error.js";

/** A value of a Bind message's. */
export interface BoundValue {
  readonly bytes: Uint8Array | null;
  readonly format: Format;
  /** Of the parameter's type, by Parse or as it was inferred. 0 and the OIDs of types that are not read are texts. */
  readonly typeOid: number;
  /** The parameter's place, from 1 on, for errors. */
  readonly place: number;
}

/**
 * A parameter's value as the driver takes it: whole numbers as numbers, past 2^53 as bigints; floating ones as numbers;
 * numeric, dates, times and JSON as their exact texts, UUIDs and bytea in PostgreSQL's own spelling; arrays of such.
 *
 * What is no value of its type is an error in PostgreSQL's words: 22P02 and 22003 for texts, 22P03 for bytes.
 */
export function decodeParameter({ bytes, format, typeOid, place }: BoundValue): SqlValue {
  if (bytes === null) return null;
  const known = knownTypes.get(typeOid);
  if (format === "text") return decodeTextValue(requireText(bytes), known);
  if (known === undefined) {
    throw valueError(`no binary input function available for type with OID ${typeOid}`, SqlState.undefinedFunction);
  }
  const body = new MessageBody(bytes);
  const value = known.isArray ? decodeArray(body, known.name) : decodeBinary(known.name, body);
  if (body.remaining > 0) {
    throw valueError(`incorrect binary data format in bind parameter ${place}`, SqlState.invalidBinaryRepresentation);
  }
  return value;
}

interface KnownType {
  readonly name: PostgresTypeName;
  readonly isArray: boolean;
}

const knownTypes: ReadonlyMap<number, KnownType> = new Map(
  Object.entries(postgresTypes).flatMap(([name, { oid, arrayOid }]): readonly [number, KnownType][] => [
    // The keys of the table are the names.
    [oid, { name: name as PostgresTypeName, isArray: false }],
    [arrayOid, { name: name as PostgresTypeName, isArray: true }],
  ]),
);

function requireText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (!text.includes("\0")) return text;
  throw valueError('invalid byte sequence for encoding "UTF8": 0x00', SqlState.untranslatableCharacter);
}

function decodeTextValue(text: string, known: KnownType | undefined): SqlValue {
  if (known === undefined) return text;
  return known.isArray ? decodeElements(parseArrayText(text), known.name) : decodeText(known.name, text);
}

function decodeElements(elements: ArrayElements, name: PostgresTypeName): readonly SqlValue[] {
  return elements.map((element) => {
    if (element === null) return null;
    return typeof element === "string" ? decodeText(name, element) : decodeElements(element, name);
  });
}
