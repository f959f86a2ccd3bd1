import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrontendMessage } from "../../src/protocol/frontend-message.js";
import type { FrontendReaderOptions, InvalidMessage, ReadPhase } from "../../src/protocol/frontend-reader.js";
import { FrontendReader } from "../../src/protocol/frontend-reader.js";
import { ProtocolError } from "../../src/protocol/protocol-error.js";
import {
  byte1,
  counted,
  everyCut,
  int16,
  int32,
  join,
  message,
  packet,
  singly,
  startup,
  string,
  text,
  value,
} from "../support/wire-bytes.js";

type Read = FrontendMessage | InvalidMessage;

const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

/** Each message of the protocol, as it stands on the wire and as it is read. */
const examples: readonly [ReadPhase, Uint8Array, FrontendMessage][] = [
  ["startup", packet(int32(80877103)), { kind: "ssl-request" }],
  ["startup", packet(int32(80877104)), { kind: "gss-encryption-request" }],
  [
    "startup",
    packet(int32(80877102), int32(4711), bytes(1, 2, 3, 4)),
    { kind: "cancel-request", processId: 4711, secretKey: bytes(1, 2, 3, 4) },
  ],
  [
    "startup",
    packet(int32(80877102), int32(-1), new Uint8Array(256).fill(7)),
    { kind: "cancel-request", processId: -1, secretKey: new Uint8Array(256).fill(7) },
  ],
  [
    "startup",
    startup(0x30000, { user: "ann", database: "stripe", application_name: "psql", options: "-c a=b" }),
    {
      ...{ kind: "startup", minorVersion: 0, user: "ann", database: "stripe" },
      parameters: new Map([
        ["application_name", "psql"],
        ["options", "-c a=b"],
      ]),
      protocolOptions: new Map(),
    },
  ],
  [
    "startup",
    startup(0x3270f, { "_pq_.compression": "on", user: "é😀", search_path: "" }),
    {
      ...{ kind: "startup", minorVersion: 9999, user: "é😀", database: "é😀" },
      parameters: new Map([["search_path", ""]]),
      protocolOptions: new Map([["_pq_.compression", "on"]]),
    },
  ],
  ["password", message("p", string("geheim")), { kind: "password", password: "geheim" }],
  [
    "sasl-initial",
    message("p", string("SCRAM-SHA-256"), value(text("n,,n=,r=abc"))),
    { kind: "sasl-initial-response", mechanism: "SCRAM-SHA-256", data: new Uint8Array(text("n,,n=,r=abc")) },
  ],
  [
    "sasl-initial",
    message("p", string("SCRAM-SHA-256"), int32(-1)),
    { kind: "sasl-initial-response", mechanism: "SCRAM-SHA-256", data: undefined },
  ],
  ["sasl-response", message("p", text("c=biws")), { kind: "sasl-response", data: new Uint8Array(text("c=biws")) }],
  ["commands", message("Q", string("SELECT 'é😀\ufeff'")), { kind: "query", sql: "SELECT 'é😀\ufeff'" }],
  ["commands", message("Q", string("\ufeffSELECT 1")), { kind: "query", sql: "\ufeffSELECT 1" }],
  [
    "commands",
    message("P", string("s1"), string("SELECT $1, $2"), counted([int32(20), int32(0)])),
    { kind: "parse", statement: "s1", sql: "SELECT $1, $2", parameterTypes: [20, 0] },
  ],
  [
    "commands",
    message("P", string(""), string(""), counted([int32(0xffffffff)])),
    { kind: "parse", statement: "", sql: "", parameterTypes: [0xffffffff] },
  ],
  [
    "commands",
    message(
      "B",
      ...[string("p1"), string("s1"), counted([int16(1), int16(0)])],
      ...[counted([value(bytes(0, 255)), value(null)]), counted([int16(1)])],
    ),
    {
      ...{ kind: "bind", portal: "p1", statement: "s1", parameterFormats: ["binary", "text"] },
      ...{ parameters: [bytes(0, 255), null], resultFormats: ["binary"] },
    },
  ],
  [
    "commands",
    message("B", string(""), string(""), counted([]), counted([value(bytes())]), counted([])),
    {
      ...{ kind: "bind", portal: "", statement: "", parameterFormats: [] },
      ...{ parameters: [bytes()], resultFormats: [] },
    },
  ],
  ["commands", message("D", byte1("S"), string("s1")), { kind: "describe", target: "statement", name: "s1" }],
  ["commands", message("D", byte1("P"), string("")), { kind: "describe", target: "portal", name: "" }],
  ["commands", message("C", byte1("S"), string("s1")), { kind: "close", target: "statement", name: "s1" }],
  ["commands", message("C", byte1("P"), string("p")), { kind: "close", target: "portal", name: "p" }],
  ["commands", message("E", string("p"), int32(100)), { kind: "execute", portal: "p", maxRows: 100 }],
  ["commands", message("E", string(""), int32(-5)), { kind: "execute", portal: "", maxRows: 0 }],
  ["commands", message("S"), { kind: "sync" }],
  ["commands", message("H"), { kind: "flush" }],
  ["commands", message("X"), { kind: "terminate" }],
  ["commands", message("d", bytes(1, 0, 2)), { kind: "copy-data", data: bytes(1, 0, 2) }],
  ["commands", message("c"), { kind: "copy-done" }],
  ["commands", message("f", string("no more")), { kind: "copy-fail", reason: "no more" }],
  ["commands", message("F", int32(1), bytes(9, 9)), { kind: "function-call" }],
];

/** All messages of a stream that comes in pieces, each asked for as soon as it may be there. */
function readAll(phase: ReadPhase, pieces: readonly Uint8Array[], options?: FrontendReaderOptions): readonly Read[] {
  const reader = new FrontendReader(options);
  reader.phase = phase;
  const messages: Read[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let read = reader.next(); read !== undefined; read = reader.next()) messages.push(read);
  }
  return messages;
}

function failureOf(phase: ReadPhase, stream: Uint8Array, options?: FrontendReaderOptions) {
  try {
    const [first] = readAll(phase, [stream], options);
    return first?.kind === "invalid" ? factsOf(first.error, first.within) : first;
  } catch (error) {
    if (error instanceof ProtocolError) return factsOf(error);
    throw error;
  }
}

const factsOf = ({ message: words, sqlState, severity }: ProtocolError, within?: string) =>
  [severity, sqlState, words, ...(within === undefined ? [] : [within])].join(" | ");

describe("the frontend reader", () => {
  it.each(examples.map(([phase, stream, expected]) => [expected.kind, phase, stream, expected] as const))(
    "reads %s in phase %s",
    (_kind, phase, stream, expected) => {
      expect(readAll(phase, [stream])).toEqual([expected]);
    },
  );

  it("reads each message wherever it is cut, and byte by byte", () => {
    for (const [phase, stream, expected] of examples) {
      for (const pieces of [...everyCut(stream), singly(stream)]) expect(readAll(phase, pieces)).toEqual([expected]);
    }
  });

  it("reads a stream of all commands wherever it is cut, and byte by byte", () => {
    const commands = examples.filter(([phase]) => phase === "commands");
    const stream = join(...commands.map(([, part]) => part));
    const expected = commands.map(([, , read]) => read);
    for (const pieces of [...everyCut(stream), singly(stream)]) expect(readAll("commands", pieces)).toEqual(expected);
  });

  it("gives values that later bytes do not change", () => {
    const reader = new FrontendReader();
    reader.phase = "commands";
    const piece = message("d", bytes(1, 2, 3));
    reader.push(piece);
    piece.fill(0);
    const first = reader.next();
    reader.push(message("d", bytes(7, 7, 7)));
    reader.next();
    expect(first).toEqual({ kind: "copy-data", data: bytes(1, 2, 3) });
  });

  it("is told by the session what comes next", () => {
    const reader = new FrontendReader();
    reader.push(join(startup(0x30000, { user: "a" }), message("p", text("x")), message("S")));
    expect(reader.next()).toMatchObject({ kind: "startup" });
    reader.phase = "sasl-response";
    expect(reader.next()).toMatchObject({ kind: "sasl-response" });
    reader.phase = "commands";
    expect(reader.next()).toEqual({ kind: "sync" });
    expect(reader.next()).toBeUndefined();
  });

  it("tells what came behind the request for TLS", () => {
    const reader = new FrontendReader();
    reader.push(join(packet(int32(80877103)), bytes(1, 2, 3)));
    expect(reader.next()).toEqual({ kind: "ssl-request" });
    expect(reader.unreadBytes).toBe(3);
  });
});

const truncated = (stream: Uint8Array, bodyLength: number): Uint8Array =>
  join(stream.slice(0, 1), packet(stream.slice(5, 5 + bodyLength)));

describe("what is not the protocol's", () => {
  const bind = (...rest: readonly Uint8Array[]): Uint8Array => message("B", string(""), string(""), ...rest);

  it.each([
    ["a length below its own", message("Q").fill(0, 1), "FATAL | 08P01 | invalid message length"],
    ["a negative length", join(byte1("Q"), int32(-1)), "FATAL | 08P01 | invalid message length"],
    ["a length past the limit", join(byte1("Q"), int32(1001)), "FATAL | 08P01 | invalid message length"],
    ["a short message of 10 KB", join(byte1("E"), int32(10_001)), "FATAL | 08P01 | invalid message length"],
    ["an unknown type", byte1("?"), "FATAL | 08P01 | invalid frontend message type 63"],
    ["a password in a session", message("p", string("x")), "FATAL | 08P01 | invalid frontend message type 112"],
    ["a text without an end", message("Q", text("SELECT 1")), "ERROR | 08P01 | invalid string in message | query"],
    [
      "bytes behind a text",
      message("Q", string("SELECT 1"), byte1(0)),
      "ERROR | 08P01 | invalid message format | query",
    ],
    ["bytes in a Sync", message("S", byte1(0)), "ERROR | 08P01 | invalid message format | sync"],
    [
      "bytes that are no UTF-8",
      message("Q", bytes(0x61, 0xff, 0)),
      'ERROR | 22021 | invalid byte sequence for encoding "UTF8": 0xff | query',
    ],
    [
      "half a surrogate pair",
      message("P", string(""), bytes(0xed, 0xa0, 0x80, 0), counted([])),
      'ERROR | 22021 | invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80 | parse',
    ],
    [
      "more types than bytes",
      message("P", string(""), string(""), int16(-1), int32(1)),
      "ERROR | 08P01 | insufficient data left in message | parse",
    ],
    ["more formats than bytes", bind(int16(3), int16(0)), "ERROR | 08P01 | insufficient data left in message | bind"],
    [
      "more values than bytes",
      bind(counted([]), int16(-1), int32(-1)),
      "ERROR | 08P01 | insufficient data left in message | bind",
    ],
    [
      "a value longer than the message",
      bind(counted([]), int16(1), int32(2 ** 31 - 1), byte1(1)),
      "ERROR | 08P01 | insufficient data left in message | bind",
    ],
    [
      "a value of a negative length",
      bind(counted([]), int16(1), int32(-2), int16(0)),
      "ERROR | 08P01 | insufficient data left in message | bind",
    ],
    [
      "formats of another count than the values",
      bind(counted([int16(0), int16(0)]), counted([value(null)]), counted([])),
      "ERROR | 08P01 | bind message has 2 parameter formats but 1 parameters | bind",
    ],
    ["a format of neither kind", bind(counted([int16(2)])), "ERROR | 22023 | unsupported format code: 2 | bind"],
    [
      "a Describe of neither kind",
      message("D", byte1("X"), string("")),
      "ERROR | 08P01 | invalid DESCRIBE message subtype 88 | describe",
    ],
    [
      "a Close of neither kind",
      message("C", byte1(0), string("")),
      "ERROR | 08P01 | invalid CLOSE message subtype 0 | close",
    ],
  ])("is %s", (_name, stream, expected) => {
    expect(failureOf("commands", stream, { maxMessageBytes: 1000 })).toBe(expected);
  });

  it.each<[string, Uint8Array, string]>([
    ["no version", packet(int16(3)), "FATAL | 08P01 | invalid length of startup packet"],
    ["10 KB", int32(10_005), "FATAL | 08P01 | invalid length of startup packet"],
    ["a TLS handshake", bytes(0x16, 3, 1, 2, 0), "FATAL | 08P01 | invalid length of startup packet"],
    ["an HTTP request", text("GET / HTTP/1.1\r\n\r\n"), "FATAL | 08P01 | invalid length of startup packet"],
    [
      "bytes in a request for TLS",
      packet(int32(80877103), byte1(0)),
      "FATAL | 08P01 | invalid length of startup packet",
    ],
    [
      "protocol 2.0",
      startup(0x20000, { user: "a" }),
      "FATAL | 0A000 | unsupported frontend protocol 2.0: server supports 3.0 to 3.2",
    ],
    ["a cancel without a process", packet(int32(80877102)), "FATAL | 08P01 | invalid length of cancel request packet"],
    [
      "a cancel without a key",
      packet(int32(80877102), int32(1)),
      "FATAL | 08P01 | invalid length of cancel key in cancel request packet",
    ],
    [
      "a key of 257 bytes",
      packet(int32(80877102), int32(1), new Uint8Array(257)),
      "FATAL | 08P01 | invalid length of cancel key in cancel request packet",
    ],
    [
      "no end",
      packet(int32(0x30000), string("user"), string("a")),
      "FATAL | 08P01 | invalid startup packet layout: expected terminator as last byte",
    ],
    [
      "a name without a value",
      packet(int32(0x30000), string("user"), byte1(0)),
      "FATAL | 08P01 | invalid startup packet layout: expected terminator as last byte",
    ],
    [
      "a value without an end",
      packet(int32(0x30000), string("user"), text("ab")),
      "FATAL | 08P01 | invalid startup packet layout: expected terminator as last byte",
    ],
    [
      "an end in its middle",
      packet(int32(0x30000), byte1(0), string("user"), string("a"), byte1(0)),
      "FATAL | 08P01 | invalid startup packet layout: expected terminator as last byte",
    ],
    ["no user", startup(0x30000, {}), "FATAL | 28000 | no PostgreSQL user name specified in startup packet"],
    [
      "a name that is no UTF-8",
      packet(int32(0x30000), string("user"), bytes(0xc3, 0x28, 0), byte1(0)),
      'FATAL | 22021 | invalid byte sequence for encoding "UTF8": 0xc3 0x28',
    ],
  ])("is a start-up with %s", (_name, stream, expected) => {
    expect(failureOf("startup", stream)).toBe(expected);
  });

  it.each<[ReadPhase, string, Uint8Array, string]>([
    ["password", "a query", message("Q", string("")), "expected password response, got message type 81"],
    ["sasl-initial", "a good-bye", message("X"), "expected SASL response, got message type 88"],
    ["password", "a password of 10 KB", join(byte1("p"), int32(10_001)), "invalid message length"],
    ["sasl-response", "1 KB", join(byte1("p"), int32(1025)), "invalid message length"],
    ["password", "bytes behind the password", message("p", string("x"), byte1(1)), "invalid message format"],
    ["sasl-initial", "data that is cut", message("p", string("S"), int32(9)), "insufficient data left in message"],
    [
      "sasl-initial",
      "bytes behind no data",
      message("p", string("S"), value(null), byte1(1)),
      "invalid message format",
    ],
  ])("is in phase %s %s", (phase, _name, stream, expected) => {
    expect(failureOf(phase, stream)).toBe(`FATAL | 08P01 | ${expected}`);
  });

  it("is any message that ends too early", () => {
    for (const [phase, stream, { kind }] of examples) {
      if (phase !== "commands" || kind === "terminate" || kind === "copy-data" || kind === "function-call") continue;
      for (let length = 0; length < stream.length - 5; length += 1) {
        expect(failureOf("commands", truncated(stream, length))).toMatch(/^ERROR \| 08P01 \| /);
      }
    }
  });

  it("leaves the next message readable where the borders are known", () => {
    const stream = join(message("Q", bytes(0xff, 0)), message("S"));
    expect(readAll("commands", singly(stream)).map(({ kind }) => kind)).toEqual(["invalid", "sync"]);
  });

  it("ends the reading where it is fatal", () => {
    const reader = new FrontendReader();
    reader.phase = "commands";
    reader.push(join(byte1("?"), message("S")));
    expect(() => reader.next()).toThrow("invalid frontend message type 63");
    reader.push(new Uint8Array(1_000_000));
    expect(() => reader.next()).toThrow("invalid frontend message type 63");
    expect(reader.heldBytes).toBe(0);
  });
});

describe("the memory of the frontend reader", () => {
  it("is none for what a message announces", () => {
    const reader = new FrontendReader({ maxMessageBytes: 2 ** 30 });
    reader.phase = "commands";
    reader.push(join(byte1("Q"), int32(2 ** 30 - 1), bytes(1, 2, 3)));
    expect(reader.next()).toBeUndefined();
    expect(reader.heldBytes).toBeLessThanOrEqual(8192);
  });

  it("is at most twice what came, and is given back once that is read", () => {
    const reader = new FrontendReader();
    reader.phase = "commands";
    const sql = "x".repeat(1_000_000);
    const stream = message("Q", string(sql));
    let came = 0;
    for (let at = 0; at < stream.length; at += 100) {
      reader.push(stream.subarray(at, at + 100));
      came = Math.min(at + 100, stream.length);
      expect(reader.heldBytes).toBeLessThanOrEqual(Math.max(8192, 2 * came));
      if (came < stream.length) expect(reader.next()).toBeUndefined();
    }
    expect(reader.next()).toEqual({ kind: "query", sql });
    expect(reader.heldBytes).toBe(0);
  });

  it("stays as it is over a long stream of short messages", () => {
    const reader = new FrontendReader();
    reader.phase = "commands";
    const stream = join(message("E", string("portal"), int32(0)), message("S"));
    for (let round = 0; round < 10_000; round += 1) {
      reader.push(stream.subarray(0, 7));
      reader.push(stream.subarray(7));
      expect(reader.next()).toEqual({ kind: "execute", portal: "portal", maxRows: 0 });
      expect(reader.next()).toEqual({ kind: "sync" });
    }
    expect(reader.heldBytes).toBeLessThanOrEqual(8192);
  });
});

const name = fc.string({ unit: "grapheme", maxLength: 20 }).map((word) => word.replaceAll("\0", ""));
const data = fc.uint8Array({ maxLength: 40 });

/** A message of any content, as it is sent and as it is to be read. */
const anyMessage: fc.Arbitrary<readonly [Uint8Array, FrontendMessage]> = fc.oneof(
  name.map((sql) => [message("Q", string(sql)), { kind: "query", sql }] as const),
  fc
    .tuple(name, name, fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 5 }))
    .map(
      ([statement, sql, parameterTypes]) =>
        [
          message("P", string(statement), string(sql), counted(parameterTypes.map(int32))),
          { kind: "parse", statement, sql, parameterTypes },
        ] as const,
    ),
  fc.tuple(name, name, fc.array(fc.option(data), { maxLength: 5 }), fc.array(fc.boolean(), { maxLength: 3 })).map(
    ([portal, statement, parameters, formats]) =>
      [
        message(
          "B",
          ...[string(portal), string(statement), counted(parameters.map(() => int16(1)))],
          ...[counted(parameters.map(value)), counted(formats.map((isBinary) => int16(isBinary ? 1 : 0)))],
        ),
        {
          ...{ kind: "bind", portal, statement, parameters, parameterFormats: parameters.map(() => "binary") },
          resultFormats: formats.map((isBinary) => (isBinary ? "binary" : "text")),
        },
      ] as readonly [Uint8Array, FrontendMessage],
  ),
  fc
    .tuple(name, fc.nat({ max: 2 ** 31 - 1 }))
    .map(
      ([portal, maxRows]) =>
        [message("E", string(portal), int32(maxRows)), { kind: "execute", portal, maxRows }] as const,
    ),
  data.map((part) => [message("d", part), { kind: "copy-data", data: part }] as const),
  fc.constant([message("S"), { kind: "sync" }] as const),
);

describe("any stream of messages", () => {
  it("is read as it was sent, in whatever pieces", () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 60 })),
        (sent, sizes) => {
          const stream = join(...sent.map(([part]) => part));
          const pieces: Uint8Array[] = [];
          for (let at = 0; at < stream.length; ) {
            const size = sizes.next().value ?? 1;
            pieces.push(stream.slice(at, at + size));
            at += size;
          }
          expect(readAll("commands", pieces)).toEqual(sent.map(([, read]) => read));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("of bytes at random is read or refused in the protocol's words, and never held past its limit", () => {
    const noise = fc.oneof(
      data,
      anyMessage.map(([stream]) => stream),
      anyMessage.map(([stream]) => stream.slice(0, -1)),
    );
    const phases = fc.constantFrom<ReadPhase>("startup", "password", "sasl-initial", "sasl-response", "commands");
    fc.assert(
      fc.property(phases, fc.array(noise, { maxLength: 10 }), (phase, pieces) => {
        const reader = new FrontendReader({ maxMessageBytes: 1000 });
        reader.phase = phase;
        try {
          for (const piece of pieces) {
            reader.push(piece);
            while (reader.next() !== undefined);
          }
        } catch (error) {
          expect(error).toMatchObject({ name: "ProtocolError", severity: "FATAL" });
        }
        expect(reader.heldBytes).toBeLessThanOrEqual(8192);
      }),
      { numRuns: 3000 },
    );
  });
});
