// What reads bytes of others: the two readers of PostgreSQL's messages, SCRAM, and the values of parameters.

import { ScramExchange } from "../../dist/gateway/authentication/scram-exchange.js";
import { mockScramSecret } from "../../dist/gateway/authentication/scram-secret.js";
import { decodeParameter } from "../../dist/gateway/types/decode-parameter.js";
import { postgresTypes } from "../../dist/gateway/types/postgres-type.js";
import { BackendFrames } from "../../dist/protocol/backend-frames.js";
import { BackendWriter } from "../../dist/protocol/backend-writer.js";
import {
  decodeCommandTag,
  decodeDataRow,
  decodeFields,
  decodeParameterStatus,
  decodeParameterTypes,
  decodeReadyForQuery,
  decodeResponse,
} from "../../dist/protocol/decode-backend.js";
import { formatAt } from "../../dist/protocol/format-code.js";
import { FrontendReader } from "../../dist/protocol/frontend-reader.js";
import { ProtocolError } from "../../dist/protocol/protocol-error.js";

const bytesOf = (characters) => Uint8Array.from(Buffer.from(characters, "latin1"));
const int32 = (value) => Buffer.from([value >> 24, value >> 16, value >> 8, value]).toString("latin1");
const int16 = (value) => int32(value).slice(2);
const packet = (body) => int32(body.length + 4) + body;
const message = (type, body = "") => type + packet(body);
const scram = "n,,n=,r=rOprNGfwEbeRWgbNEkqO";

export const frontendCorpus = [
  packet(int32(80877103)),
  packet(int32(80877104)),
  packet(`${int32(80877102)}${int32(1)}abcd`),
  packet(`${int32(196608)}user\0ann\0database\0stripe\0options\0-c a=b\0\0`),
  packet(`${int32(196610)}user\0ann\0_pq_.x\0on\0\0`),
  message("p", `SCRAM-SHA-256\0${int32(scram.length)}${scram}`),
  message("p", `c=biws,r=rOprNGfwEbeRWgbNEkqOabc,p=${"A".repeat(43)}=`),
  message("Q", "SELECT 1\0"),
  message("P", `s\0SELECT $1, $2\0${int16(2)}${int32(20)}${int32(1016)}`),
  message("B", `p\0s\0${int16(1)}${int16(0)}${int16(2)}${int32(2)}42${int32(5)}{1,2}${int16(1)}${int16(1)}`),
  message(
    "B",
    `\0\0${int16(1)}${int16(1)}${int16(2)}${int32(10)}${int16(1)}${int16(0).repeat(3)}${int16(7)}${int32(28)}${int32(1)}${int32(0)}${int32(20)}${int32(1)}${int32(1)}${int32(4)}${int32(7)}${int16(0)}`,
  ),
  message("D", "Ss\0"),
  message("C", "P\0"),
  message("E", `p\0${int32(100)}`),
  message("S"),
  message("H"),
  message("d", "1\ttwo\n"),
  message("c"),
  message("f", "why\0"),
  message("F", int32(1)),
  message("X"),
];

export const backendCorpus = [
  message("T", `${int16(1)}id\0${int32(0)}${int16(0)}${int32(20)}${int16(8)}${int32(-1)}${int16(0)}`),
  message("t", int16(1) + int32(20)),
  message("D", `${int16(2)}${int32(2)}42${int32(-1)}`),
  message("C", "SELECT 1\0"),
  message("E", "SERROR\0VERROR\0C42601\0Msyntax error\0P8\0\0"),
  message("S", "TimeZone\0UTC\0"),
  message("Z", "I"),
];

/** In every phase; how the pieces are cut follows from the bytes. */
export function readFrontend(characters) {
  const stream = bytesOf(characters);
  const phases = ["startup", "password", "sasl-initial", "commands"];
  const refusals = phases.map((phase) => new ClientStream(phase).read(stream));
  if (!refusals.includes(undefined)) throw refusals[0];
}

const maxMessageBytes = 20_000;

/** A session that does nothing but to read: the last refusal of a message or a value, or the one that ended the stream. */
class ClientStream {
  #reader = new FrontendReader({ maxMessageBytes });
  #exchange = newExchange();
  #refusal;

  constructor(phase) {
    this.#reader.phase = phase;
  }

  read(stream) {
    try {
      for (const [piece, came] of piecesOf(stream, 97)) {
        this.#reader.push(piece);
        this.#requireRoom(Math.max(8192, 2 * came));
        this.#readMessages();
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return error;
    }
    this.#requireRoom(2 * maxMessageBytes + 8192 + 2 * 97);
    return this.#refusal;
  }

  #requireRoom(most) {
    const { heldBytes } = this.#reader;
    if (heldBytes > most) throw new Error(`${heldBytes} bytes held, more than ${most}`);
  }

  #readMessages() {
    for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) this.#take(read);
  }

  #take(message) {
    switch (message.kind) {
      case "invalid":
        this.#refusal = message.error;
        break;
      case "startup":
        this.#reader.phase = "sasl-initial";
        break;
      case "sasl-initial-response":
      case "sasl-response":
        this.#reader.phase = "sasl-response";
        if (this.#exchange.next(message.data).kind !== "continue") this.#exchange = newExchange();
        break;
      case "bind":
        this.#refusal = readParameters(message) ?? this.#refusal;
    }
  }
}

/** Pieces of a stream, and how much has come with each. */
function* piecesOf(stream, longest) {
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + 1 + (stream[at] % longest));
    yield [stream.subarray(at, end), end];
    at = end;
  }
}

function newExchange() {
  const secret = mockScramSecret({ user: "ann", key: Buffer.from("key") });
  return new ScramExchange({ mechanism: "SCRAM-SHA-256", secret, isDoomed: true, nonce: "abc" });
}

const typeOids = Object.values(postgresTypes).flatMap(({ oid, arrayOid }) => [oid, arrayOid]);

/** Each value as each type, until it is refused as one. */
function readParameters({ parameters, parameterFormats }) {
  let refusal;
  for (const [index, bytes] of parameters.slice(0, 10).entries()) {
    for (const typeOid of typeOids) {
      try {
        decodeParameter({ bytes, format: formatAt(parameterFormats, index), typeOid, place: index + 1 });
      } catch (error) {
        if (error.sqlState === undefined) throw error;
        refusal = error;
      }
    }
  }
  return refusal;
}

const decoders = {
  T: decodeFields,
  t: decodeParameterTypes,
  D: decodeDataRow,
  C: decodeCommandTag,
  E: decodeResponse,
  N: decodeResponse,
  S: decodeParameterStatus,
  Z: decodeReadyForQuery,
};

export function readBackend(characters) {
  const stream = bytesOf(characters);
  const frames = new BackendFrames();
  const writer = new BackendWriter();
  let refusal;
  for (const [piece] of piecesOf(stream, 31)) {
    frames.push(piece);
    for (let frame = frames.next(); frame !== undefined; frame = frames.next()) {
      writer.relay(frame.bytes);
      refusal = refusalOf(frame) ?? refusal;
    }
  }
  const relayed = writer.take();
  if (Buffer.compare(relayed, stream.subarray(0, relayed.length)) !== 0) throw new Error("relayed other bytes");
  if (refusal !== undefined) throw refusal;
}

function refusalOf({ type, body }) {
  try {
    decoders[type]?.(body);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
