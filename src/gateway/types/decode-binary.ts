import { SqlState } from "../../error/sql-state.js";
import type { MessageBody } from "../../protocol/message-body.js";
import { decodeUtf8 } from "../../protocol/utf8.js";
import { utc } from "../../value/time-zone.js";
import { dateValueText } from "./date-value.js";
import { decodeText } from "./decode-text.js";
import { hexOf } from "./hex.js";
import { jsonbVersion } from "./jsonb-text.js";
import { decodeNumeric } from "./numeric-binary.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { decodeTimestamp, timestampText } from "./timestamp-value.js";
import { valueError } from "./value-error.js";

/** The value of a type in PostgreSQL's binary form; what is left of the body is for the caller to judge. */
export function decodeBinary(name: PostgresTypeName, body: MessageBody): boolean | number | bigint | string {
  switch (name) {
    case "bool":
      return body.byte() !== 0;
    case "int2":
      return body.int16();
    case "int4":
      return body.int32();
    case "int8":
      return narrow(body.int64());
    case "float4":
      return body.float32();
    case "float8":
      return body.float64();
    case "numeric":
      return decodeNumeric(body);
    case "date":
      return dateValueText(body.int32());
    case "timestamp":
      return timestampText(decodeTimestamp(body.int64()));
    case "timestamptz":
      return timestampText(decodeTimestamp(body.int64()), utc);
    case "uuid":
      return decodeText("uuid", hexOf(body.bytes(16)));
    case "bytea":
      return `\\x${hexOf(body.rest())}`;
    case "jsonb":
      requireVersion(body.byte());
      return decodeText("jsonb", textOf(body));
    case "json":
    case "text":
    case "varchar":
    case "bpchar":
    case "name":
      return decodeText(name, textOf(body));
  }
}

function narrow(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function textOf(body: MessageBody): string {
  const bytes = body.rest();
  if (!bytes.includes(0)) return decodeUtf8(bytes);
  throw valueError('invalid byte sequence for encoding "UTF8": 0x00', SqlState.untranslatableCharacter);
}

function requireVersion(version: number): void {
  if (version === jsonbVersion) return;
  throw valueError(`unsupported jsonb version number ${version}`, SqlState.invalidBinaryRepresentation);
}
