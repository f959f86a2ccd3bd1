import { describe, expect, it } from "vitest";
import { BackendFrames } from "../../src/protocol/backend-frames.js";
import {
  decodeCommandTag,
  decodeDataRow,
  decodeFields,
  decodeParameterStatus,
  decodeParameterTypes,
  decodeReadyForQuery,
  decodeResponse,
  rowCountOf,
} from "../../src/protocol/decode-backend.js";
import { byte1, counted, everyCut, int16, int32, join, message, singly, string, value } from "../support/wire-bytes.js";

const row = message("D", counted([value(Uint8Array.of(1, 2)), value(null)]));
const stream = [
  message("2"),
  row,
  message("D", counted([])),
  message("C", string("SELECT 2")),
  message("Z", byte1("I")),
];

/** What is read of a stream in pieces: types, bodies and whole messages. */
function framesOf(pieces: readonly Uint8Array[]) {
  const frames = new BackendFrames();
  return pieces.flatMap((piece) => {
    frames.push(piece);
    const read = [];
    for (let frame = frames.next(); frame !== undefined; frame = frames.next()) read.push(frame);
    return read;
  });
}

const expected = stream.map((bytes) => ({
  type: String.fromCharCode(bytes[0] ?? 0),
  body: bytes.slice(5),
  bytes,
}));

describe("a server's messages", () => {
  it("are cut out of a stream wherever it is cut, and byte by byte", () => {
    const whole = join(...stream);
    for (const pieces of [[whole], ...everyCut(whole), singly(whole)]) expect(framesOf(pieces)).toEqual(expected);
  });

  it("are cut wherever a stream is cut twice", () => {
    const whole = join(...stream);
    for (let first = 0; first <= whole.length; first += 1) {
      for (let second = first; second <= whole.length; second += 1) {
        const pieces = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)];
        expect(framesOf(pieces).map(({ bytes }) => bytes)).toEqual(stream);
      }
    }
  });

  it("can be pulled after several pieces were pushed", () => {
    const frames = new BackendFrames();
    for (const piece of singly(join(...stream))) frames.push(piece);
    const types = stream.map(() => frames.next()?.type);
    expect([types.join(""), frames.next(), frames.isWithinMessage]).toEqual(["2DDCZ", undefined, false]);
  });

  it("tell when one has begun that is not whole", () => {
    const frames = new BackendFrames();
    frames.push(row.slice(0, 8));
    expect([frames.next(), frames.isWithinMessage]).toEqual([undefined, true]);
    frames.push(row.slice(8));
    expect([frames.next()?.type, frames.isWithinMessage]).toEqual(["D", false]);
  });

  it("of a length that is none are refused", () => {
    const wrong = join(byte1("D"), int32(3), byte1(0));
    for (const pieces of [[wrong], singly(wrong)]) {
      expect(() => framesOf(pieces)).toThrow(
        expect.objectContaining({ severity: "FATAL", sqlState: "08P01", message: "invalid message length" }),
      );
    }
  });
});

describe("the body of a server's message", () => {
  const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.slice(5);

  it("is a description of columns", () => {
    const column = [string("id"), int32(16384), int16(1), int32(25), int16(-1), int32(-1), int16(0)];
    const [one, two] = decodeFields(bodyOf(message("T", counted([column, column]))));
    expect(one).toEqual(two);
    expect(one).toEqual({
      ...{ name: "id", tableOid: 16384, columnNumber: 1, typeOid: 25, typeSize: -1 },
      ...{ typeModifier: -1, format: "text" },
    });
  });

  it("is the parameters' types", () => {
    expect(decodeParameterTypes(bodyOf(message("t", counted([int32(20), int32(-1)]))))).toEqual([20, 0xffffffff]);
  });

  it("is a row", () => {
    expect(decodeDataRow(bodyOf(row))).toEqual([Uint8Array.of(1, 2), null]);
  });

  it.each([
    ["SELECT 2", 2],
    ["INSERT 0 12", 12],
    ["FETCH 3", 3],
    ["COPY 100000", 100000],
    ["CREATE TABLE", undefined],
    ["BEGIN", undefined],
  ])("is the tag %s, which counts %s rows", (tag, count) => {
    expect(decodeCommandTag(bodyOf(message("C", string(tag))))).toBe(tag);
    expect(rowCountOf(tag)).toBe(count);
  });

  it("is an error's fields, without those that are not known", () => {
    const fields = ["SFEHLER", "VERROR", "C42703", "Mm", "P8", "L12", "?new", "Rr"];
    expect(decodeResponse(bodyOf(message("E", ...fields.map(string), byte1(0))))).toEqual({
      ...{ localizedSeverity: "FEHLER", severity: "ERROR", sqlState: "42703", message: "m" },
      ...{ position: 8, line: 12, routine: "r" },
    });
  });

  it("is the state of a transaction", () => {
    const states = ["I", "T", "E"].map((letter) => decodeReadyForQuery(bodyOf(message("Z", byte1(letter)))));
    expect(states).toEqual(["idle", "in-transaction", "failed-transaction"]);
  });

  it("is a setting", () => {
    const body = bodyOf(message("S", string("TimeZone"), string("UTC")));
    expect(decodeParameterStatus(body)).toEqual({ name: "TimeZone", value: "UTC" });
  });

  it.each<[string, () => unknown]>([
    ["columns past the end", () => decodeFields(join(int16(1), new Uint8Array(17)))],
    ["bytes behind the types", () => decodeParameterTypes(join(counted([]), byte1(0)))],
    ["a value past the end", () => decodeDataRow(join(int16(1), int32(5), byte1(0)))],
    ["a tag without an end", () => decodeCommandTag(byte1("S"))],
    ["fields without an end", () => decodeResponse(string("SERROR"))],
    ["a state that is none", () => decodeReadyForQuery(byte1("?"))],
  ])("is refused with %s", (_name, decode) => {
    expect(decode).toThrow(expect.objectContaining({ name: "ProtocolError", sqlState: "08P01" }));
  });
});
