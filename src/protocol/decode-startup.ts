import { SqlState } from "../error/sql-state.js";
import type { FrontendMessage, StartupMessage } from "./frontend-message.js";
import { invalidMessage, MessageBody } from "./message-body.js";
import { latestMinorVersion } from "./negotiate-version.js";
import { ProtocolError } from "./protocol-error.js";

const cancelRequestCode = 80877102;
const sslRequestCode = 80877103;
const gssEncryptionRequestCode = 80877104;
const longestCancelKey = 256;
const protocolOptionPrefix = "_pq_.";

/** A packet of before the start-up, which has no type: its first number says what it is. Every error is fatal. */
export function decodeStartup(bytes: Uint8Array): FrontendMessage {
  const body = new MessageBody(bytes);
  const code = body.uint32();
  switch (code) {
    case sslRequestCode:
      requireEmpty(body);
      return { kind: "ssl-request" };
    case gssEncryptionRequestCode:
      requireEmpty(body);
      return { kind: "gss-encryption-request" };
    case cancelRequestCode:
      return decodeCancelRequest(body);
  }
  const [major, minorVersion] = [code >>> 16, code & 0xffff];
  if (major !== 3) throw unsupportedProtocol(major, minorVersion);
  return { kind: "startup", minorVersion, ...decodeParameters(body) };
}

function requireEmpty(body: MessageBody): void {
  if (body.remaining > 0) throw invalidMessage("invalid length of startup packet", "FATAL");
}

function decodeCancelRequest(body: MessageBody): FrontendMessage {
  if (body.remaining < 4) throw invalidMessage("invalid length of cancel request packet", "FATAL");
  const processId = body.int32();
  const secretKey = body.rest();
  if (secretKey.length === 0 || secretKey.length > longestCancelKey)
    throw invalidMessage("invalid length of cancel key in cancel request packet", "FATAL");
  return { kind: "cancel-request", processId, secretKey };
}

function unsupportedProtocol(major: number, minor: number): ProtocolError {
  const message = `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.${latestMinorVersion}`;
  return new ProtocolError(message, { severity: "FATAL", sqlState: SqlState.featureNotSupported });
}

/** Names and values, each ended by a zero byte, and a zero byte behind the last. */
function decodeParameters(body: MessageBody): Omit<StartupMessage, "kind" | "minorVersion"> {
  const pairs = readPairs(body);
  const isOption = ([name]: readonly [string, string]): boolean => name.startsWith(protocolOptionPrefix);
  const parameters = new Map(pairs.filter((pair) => !isOption(pair)));
  const user = parameters.get("user") ?? "";
  if (user === "") {
    throw new ProtocolError("no PostgreSQL user name specified in startup packet", {
      severity: "FATAL",
      sqlState: SqlState.invalidAuthorization,
    });
  }
  const database = parameters.get("database") || user;
  parameters.delete("user");
  parameters.delete("database");
  return { user, database, parameters, protocolOptions: new Map(pairs.filter(isOption)) };
}

function readPairs(body: MessageBody): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  while (body.remaining > 1) {
    const name = readText(body);
    if (name === "") throw invalidLayout();
    pairs.push([name, readText(body)]);
  }
  if (body.remaining === 0 || body.byte() !== 0) throw invalidLayout();
  return pairs;
}

function readText(body: MessageBody): string {
  try {
    return body.string();
  } catch (error) {
    if (error instanceof ProtocolError && error.sqlState === SqlState.protocolViolation) throw invalidLayout();
    throw error;
  }
}

function invalidLayout(): ProtocolError {
  return invalidMessage("invalid startup packet layout: expected terminator as last byte", "FATAL");
}
