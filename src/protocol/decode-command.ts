import type { Format } from "./format-code.js";
import { decodeFormat } from "./format-code.js";
import type { FrontendMessage, PreparedKind } from "./frontend-message.js";
import type { MessageBody } from "./message-body.js";
import { invalidMessage } from "./message-body.js";

/** A message that a started session may get, by its type's letter. */
export interface Command {
  readonly kind: FrontendMessage["kind"];
  /** Whether it may be as long as the reader's longest message; the others end at 10,000 bytes, as at PostgreSQL. */
  readonly isLong: boolean;
  readonly decode: (body: MessageBody) => FrontendMessage;
}

const commands: ReadonlyMap<number, Command> = new Map(
  Object.entries({
    Q: { kind: "query", isLong: true, decode: decodeQuery },
    P: { kind: "parse", isLong: true, decode: decodeParse },
    B: { kind: "bind", isLong: true, decode: decodeBind },
    D: { kind: "describe", isLong: false, decode: decodeDescribe },
    C: { kind: "close", isLong: false, decode: decodeClose },
    E: { kind: "execute", isLong: false, decode: decodeExecute },
    S: { kind: "sync", isLong: false, decode: (body) => ended(body, { kind: "sync" }) },
    H: { kind: "flush", isLong: false, decode: (body) => ended(body, { kind: "flush" }) },
    // Whatever else it says, the client goes.
    X: { kind: "terminate", isLong: false, decode: () => ({ kind: "terminate" }) },
    d: { kind: "copy-data", isLong: true, decode: (body) => ({ kind: "copy-data", data: body.rest() }) },
    c: { kind: "copy-done", isLong: false, decode: (body) => ended(body, { kind: "copy-done" }) },
    f: { kind: "copy-fail", isLong: false, decode: decodeCopyFail },
    F: { kind: "function-call", isLong: true, decode: () => ({ kind: "function-call" }) },
  } satisfies Record<string, Command>).map(([letter, command]) => [letter.charCodeAt(0), command]),
);

/** The command of a message's type; undefined where no client may send it. */
export function commandOf(type: number): Command | undefined {
  return commands.get(type);
}

function ended(body: MessageBody, message: FrontendMessage): FrontendMessage {
  body.end();
  return message;
}

function decodeQuery(body: MessageBody): FrontendMessage {
  return ended(body, { kind: "query", sql: body.string() });
}

function decodeParse(body: MessageBody): FrontendMessage {
  const statement = body.string();
  const sql = body.string();
  const parameterTypes = body.list(body.uint16(), { bytesEach: 4, read: () => body.uint32() });
  return ended(body, { kind: "parse", statement, sql, parameterTypes });
}

function decodeBind(body: MessageBody): FrontendMessage {
  const portal = body.string();
  const statement = body.string();
  const parameterFormats = decodeFormats(body);
  const parameters = body.list(body.uint16(), { bytesEach: 4, read: () => decodeValue(body) });
  if (parameterFormats.length > 1 && parameterFormats.length !== parameters.length) {
    throw invalidMessage(
      `bind message has ${parameterFormats.length} parameter formats but ${parameters.length} parameters`,
    );
  }
  return ended(body, {
    ...{ kind: "bind", portal, statement, parameterFormats, parameters },
    resultFormats: decodeFormats(body),
  });
}

function decodeFormats(body: MessageBody): readonly Format[] {
  return body.list(body.uint16(), { bytesEach: 2, read: () => decodeFormat(body.int16()) });
}

function decodeValue(body: MessageBody): Uint8Array | null {
  const length = body.int32();
  return length === -1 ? null : body.bytes(length);
}

function decodeDescribe(body: MessageBody): FrontendMessage {
  return ended(body, { kind: "describe", target: decodeTarget(body, "DESCRIBE"), name: body.string() });
}

function decodeClose(body: MessageBody): FrontendMessage {
  return ended(body, { kind: "close", target: decodeTarget(body, "CLOSE"), name: body.string() });
}

function decodeTarget(body: MessageBody, message: string): PreparedKind {
  const subtype = body.byte();
  if (subtype === 0x53) return "statement";
  if (subtype === 0x50) return "portal";
  throw invalidMessage(`invalid ${message} message subtype ${subtype}`);
}

function decodeExecute(body: MessageBody): FrontendMessage {
  const portal = body.string();
  return ended(body, { kind: "execute", portal, maxRows: Math.max(0, body.int32()) });
}

function decodeCopyFail(body: MessageBody): FrontendMessage {
  return ended(body, { kind: "copy-fail", reason: body.string() });
}
