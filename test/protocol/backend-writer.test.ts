import { describe, expect, it } from "vitest";
import { BackendWriter } from "../../src/protocol/backend-writer.js";
import type { FieldDescription } from "../../src/protocol/row-description.js";
import { byte1, counted, int, int16, int32, join, message, string, text, value } from "../support/wire-bytes.js";

const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

function written(write: (writer: BackendWriter) => void): Uint8Array {
  const writer = new BackendWriter();
  write(writer);
  return writer.take();
}

const field: FieldDescription = {
  ...{ name: "café", tableOid: 0xfffffffe, columnNumber: 3, typeOid: 1700, typeSize: -1 },
  ...{ typeModifier: 2490374, format: "binary" },
};

describe("the backend writer", () => {
  it.each<[string, (writer: BackendWriter) => void, Uint8Array]>([
    ["AuthenticationOk", (to) => to.authenticationOk(), message("R", int32(0))],
    [
      "AuthenticationSASL",
      (to) => to.authenticationSasl(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]),
      message("R", int32(10), string("SCRAM-SHA-256-PLUS"), string("SCRAM-SHA-256"), byte1(0)),
    ],
    ["SASLContinue", (to) => to.authenticationSaslContinue(text("r=a")), message("R", int32(11), text("r=a"))],
    ["SASLFinal", (to) => to.authenticationSaslFinal(text("v=b")), message("R", int32(12), text("v=b"))],
    [
      "NegotiateProtocolVersion",
      (to) => to.negotiateProtocolVersion(2, ["_pq_.a", "_pq_.b"]),
      message("v", int32(0x30002), int32(2), string("_pq_.a"), string("_pq_.b")),
    ],
    [
      "BackendKeyData of 3.0",
      (to) => to.backendKeyData(4711, bytes(1, 2, 3, 4)),
      message("K", int32(4711), bytes(1, 2, 3, 4)),
    ],
    [
      "BackendKeyData of 3.2",
      (to) => to.backendKeyData(1, new Uint8Array(32).fill(9)),
      message("K", int32(1), new Uint8Array(32).fill(9)),
    ],
    ["ParameterStatus", (to) => to.parameterStatus("TimeZone", "UTC"), message("S", string("TimeZone"), string("UTC"))],
    ["ReadyForQuery when idle", (to) => to.readyForQuery("idle"), message("Z", byte1("I"))],
    ["ReadyForQuery in a transaction", (to) => to.readyForQuery("in-transaction"), message("Z", byte1("T"))],
    ["ReadyForQuery after a failure", (to) => to.readyForQuery("failed-transaction"), message("Z", byte1("E"))],
    [
      "RowDescription",
      (to) => to.rowDescription([field, { ...field, name: "", format: "text", typeModifier: -1, tableOid: 0 }]),
      message(
        "T",
        int16(2),
        [string("café"), int32(-2), int16(3), int32(1700), int16(-1), int32(2490374), int16(1)],
        [string(""), int32(0), int16(3), int32(1700), int16(-1), int32(-1), int16(0)],
      ),
    ],
    ["RowDescription of no column", (to) => to.rowDescription([]), message("T", int16(0))],
    [
      "ParameterDescription",
      (to) => to.parameterDescription([20, 0xffffffff]),
      message("t", counted([int32(20), int32(-1)])),
    ],
    ["NoData", (to) => to.noData(), message("n")],
    [
      "DataRow",
      (to) => to.dataRow([bytes(1, 2), null, bytes()]),
      message("D", counted([value(bytes(1, 2)), value(null), value(bytes())])),
    ],
    ["CommandComplete", (to) => to.commandComplete("SELECT 5"), message("C", string("SELECT 5"))],
    ["EmptyQueryResponse", (to) => to.emptyQueryResponse(), message("I")],
    [
      "ErrorResponse",
      (to) =>
        to.errorResponse({
          ...{ severity: "ERROR", sqlState: "42703", message: "no column é", detail: "d", hint: "h", position: 8 },
          ...{ internalPosition: 9, internalQuery: "q", where: "w", schema: "s", table: "t", column: "c" },
          ...{ dataType: "y", constraint: "n", file: "f.c", line: 12, routine: "r" },
        }),
      message(
        "E",
        ...["SERROR", "VERROR", "C42703", "Mno column é", "Dd", "Hh", "P8", "p9", "qq", "Ww", "ss", "tt", "cc"].map(
          string,
        ),
        ...["dy", "nn", "Ff.c", "L12", "Rr"].map(string),
        byte1(0),
      ),
    ],
    [
      "NoticeResponse",
      (to) => to.noticeResponse({ severity: "WARNING", localizedSeverity: "WARNUNG", sqlState: "01000", message: "" }),
      message("N", ...["SWARNUNG", "VWARNING", "C01000", "M"].map(string), byte1(0)),
    ],
    [
      "NotificationResponse",
      (to) => to.notificationResponse({ processId: 5, channel: "c", payload: "p" }),
      message("A", int32(5), string("c"), string("p")),
    ],
    ["ParseComplete", (to) => to.parseComplete(), message("1")],
    ["BindComplete", (to) => to.bindComplete(), message("2")],
    ["CloseComplete", (to) => to.closeComplete(), message("3")],
    ["PortalSuspended", (to) => to.portalSuspended(), message("s")],
    [
      "CopyInResponse",
      (to) => to.copyInResponse({ format: "text", columnCount: 2 }),
      message("G", byte1(0), counted([int16(0), int16(0)])),
    ],
    [
      "CopyOutResponse",
      (to) => to.copyOutResponse({ format: "binary", columnCount: 1 }),
      message("H", byte1(1), counted([int16(1)])),
    ],
    ["CopyData", (to) => to.copyData(bytes(0, 1)), message("d", bytes(0, 1))],
    ["CopyDone", (to) => to.copyDone(), message("c")],
  ])("writes %s", (_name, write, expected) => {
    expect(written(write)).toEqual(expected);
  });

  it("writes rows through the columns' encoders", () => {
    const rows = [
      [1n, "a"],
      [null, "é😀".repeat(20)],
      [-5n, ""],
    ];
    const expected = [
      [int(64, 1), text("a")],
      [null, text("é😀".repeat(20))],
      [int(64, -5), text("")],
    ];
    expect(
      written((to) =>
        to.dataRows<bigint | string | null>(rows, [
          (cell, output) => output.int64(BigInt(cell)),
          (cell, output) => output.text(String(cell)),
        ]),
      ),
    ).toEqual(join(...expected.map((row) => message("D", counted(row.map(value))))));
  });

  it("gives out what has gathered, and never changes it again", () => {
    const writer = new BackendWriter();
    writer.noData();
    const first = writer.take();
    writer.parseComplete();
    expect(writer.length).toBe(5);
    expect([first, writer.take(), writer.length]).toEqual([message("n"), message("1"), 0]);
  });

  it("gathers more than its first buffer holds", () => {
    const long = "x".repeat(100_000);
    const writer = new BackendWriter();
    for (let round = 0; round < 5; round += 1) writer.commandComplete(long);
    const first = writer.take();
    for (let round = 0; round < 5; round += 1) writer.commandComplete("y".repeat(100_000));
    writer.take();
    expect(first).toEqual(join(...Array.from({ length: 5 }, () => message("C", string(long)))));
  });

  it("relays whole messages between its own", () => {
    const row = message("D", counted([value(bytes(1))]));
    const stream = written((to) => {
      to.bindComplete();
      to.relay(row);
      to.commandComplete("SELECT 1");
    });
    expect(stream).toEqual(join(message("2"), row, message("C", string("SELECT 1"))));
  });

  it("writes for what no text of the protocol can hold U+FFFD", () => {
    const fields = { severity: "ERROR", sqlState: "22021", message: "a\0b\ud800c" };
    expect(written((to) => to.errorResponse(fields))).toEqual(
      message("E", ...["SERROR", "VERROR", "C22021", "Ma\ufffdb\ufffdc"].map(string), byte1(0)),
    );
  });

  it("leaves nothing of a row that cannot be written", () => {
    const writer = new BackendWriter();
    writer.bindComplete();
    const rows = [[1], [2], [3]];
    const encode = (cell: number, output: { int32(value: number): void }) => {
      output.int32(cell);
      if (cell === 3) throw new RangeError("3 is out of range");
    };
    expect(() => writer.dataRows(rows, [encode])).toThrow("3 is out of range");
    const row = (cell: number) => message("D", counted([value(int32(cell))]));
    expect(writer.take()).toEqual(join(message("2"), row(1), row(2)));
  });

  it("refuses what is no message", () => {
    const writer = new BackendWriter();
    expect(() => writer.dataRow(Array.from({ length: 65_536 }, () => null))).toThrow(RangeError);
    expect(() => writer.parameterDescription(Array.from({ length: 65_536 }, () => 20))).toThrow(RangeError);
    expect(() => writer.backendKeyData(1, bytes(1, 2, 3))).toThrow(RangeError);
    expect(() => writer.backendKeyData(1, new Uint8Array(257))).toThrow(RangeError);
    expect(() => writer.dataRows([[1, 2]], [() => undefined])).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
