import type { SqlValue } from "../../driver/api.js";
import { SqlState } from "../../error/sql-state.js";
import type { MessageBody } from "../../protocol/message-body.js";
import { MessageBody as Body } from "../../protocol/message-body.js";
import { mostDimensions, tooManyDimensions } from "./array-text.js";
import { decodeBinary } from "./decode-binary.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { postgresTypes } from "./postgres-type.js";
import { valueError } from "./value-error.js";

/** An array in PostgreSQL's binary form, whose elements have to be of a type. Source: array_recv of its arrayfuncs.c */
export function decodeArray(body: MessageBody, name: PostgresTypeName): SqlValue {
  const dimensions = body.int32();
  if (dimensions < 0) throw invalid(`invalid number of dimensions: ${dimensions}`);
  if (dimensions > mostDimensions) throw tooManyDimensions(dimensions);
  const flags = body.int32();
  if (flags !== 0 && flags !== 1) throw invalid("invalid array flags");
  requireType(body.uint32(), name);
  const lengths = body.list(dimensions, { bytesEach: 8, read: () => readLength(body) });
  if (dimensions === 0) return [];
  const count = lengths.reduce((product, length) => product * length, 1);
  const elements = body.list(count, { bytesEach: 4, read: () => readElement(body, name) });
  return nested(elements, lengths);
}

/** The first position that follows each length has no meaning in a list. */
function readLength(body: MessageBody): number {
  const length = body.int32();
  body.int32();
  if (length < 0) throw invalid(`invalid array size: ${length}`);
  return length;
}

function readElement(body: MessageBody, name: PostgresTypeName): SqlValue {
  const length = body.int32();
  if (length === -1) return null;
  const element = new Body(body.bytes(length));
  const value = decodeBinary(name, element);
  if (element.remaining > 0) throw invalid("improper binary format in array element");
  return value;
}

/** The elements in arrays of the lengths, the innermost last. */
function nested(elements: readonly SqlValue[], lengths: readonly number[]): readonly SqlValue[] {
  return lengths.slice(1).reduceRight<readonly SqlValue[]>((inner, length) => chunks(inner, length), elements);
}

function chunks(items: readonly SqlValue[], length: number): readonly (readonly SqlValue[])[] {
  if (length === 0) return [];
  return Array.from({ length: items.length / length }, (_, at) => items.slice(at * length, (at + 1) * length));
}

function requireType(oid: number, name: PostgresTypeName): void {
  if (oid === postgresTypes[name].oid) return;
  throw valueError(
    `binary data has array element type ${oid} instead of expected ${postgresTypes[name].oid} (${postgresTypes[name].name})`,
    SqlState.datatypeMismatch,
  );
}

function invalid(message: string) {
  return valueError(message, SqlState.invalidBinaryRepresentation);
}
