import type { AuthenticationPhase } from "./decode-authentication.js";
import { decodeAuthentication } from "./decode-authentication.js";
import { commandOf } from "./decode-command.js";
import { decodeStartup } from "./decode-startup.js";
import type { FrontendMessage } from "./frontend-message.js";
import { invalidMessage, MessageBody } from "./message-body.js";
import { ProtocolError } from "./protocol-error.js";
import { ReceiveBuffer } from "./receive-buffer.js";

/** What may come next: a packet without a type, an answer of the authentication, or a started session's messages. */
export type ReadPhase = "startup" | AuthenticationPhase | "commands";

export interface FrontendReaderOptions {
  /** Of a long message (Query, Parse, Bind, CopyData), in bytes; default 16 MiB. */
  readonly maxMessageBytes?: number;
}

/** A message whose content is at fault; the next one can be read. */
export interface InvalidMessage {
  readonly kind: "invalid";
  /** What the message is by its type. */
  readonly within: FrontendMessage["kind"];
  readonly error: ProtocolError;
}

const defaultMaxMessageBytes = 16 * 1024 * 1024;
/** As PostgreSQL limits them. */
const maxStartupBytes = 10_000;
const maxShortMessageBytes = 10_000;
const maxPasswordBytes = 10_000;
const maxSaslBytes = 1024;

const lengthBytes = 4;
const headerBytes = 1 + lengthBytes;
const authenticationType = "p".charCodeAt(0);

/**
 * Reads what a client sends, in whatever pieces it comes. Bytes are pushed, messages are pulled one by one, as the
 * phase says how the next is read: the session sets it before it asks.
 *
 * What breaks the stream is thrown, a `ProtocolError` of severity FATAL, by every later call too; what is wrong within
 * one message is a message "invalid". No length is believed: a message is refused by its header where it is longer than
 * its kind may be, and takes memory only as its bytes come.
 */
export class FrontendReader {
  phase: ReadPhase = "startup";
  readonly #received = new ReceiveBuffer();
  readonly #maxMessageBytes: number;
  #failure: ProtocolError | undefined;

  constructor({ maxMessageBytes = defaultMaxMessageBytes }: FrontendReaderOptions = {}) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Bytes that came and belong to no message yet. None may be there where TLS begins. */
  get unreadBytes(): number {
    return this.#received.length;
  }

  /** What the reader holds of memory, in bytes. */
  get heldBytes(): number {
    return this.#received.capacity;
  }

  /** Takes bytes in, as a copy. After a fatal error they are dropped. */
  push(bytes: Uint8Array): void {
    if (this.#failure === undefined) this.#received.append(bytes);
  }

  /** The next message; undefined until all of its bytes have come. */
  next(): FrontendMessage | InvalidMessage | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#read();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failure = fatal(error);
      this.#received.clear();
      throw this.#failure;
    }
  }

  #read(): FrontendMessage | InvalidMessage | undefined {
    const { phase } = this;
    if (phase === "startup") return this.#readStartup();
    if (phase === "commands") return this.#readCommand();
    return this.#readAuthentication(phase);
  }

  #readStartup(): FrontendMessage | undefined {
    if (this.#received.length < lengthBytes) return undefined;
    const length = this.#received.int32At(0) - lengthBytes;
    if (length < 4 || length > maxStartupBytes) throw invalidMessage("invalid length of startup packet", "FATAL");
    if (this.#received.length < lengthBytes + length) return undefined;
    this.#received.skip(lengthBytes);
    return decodeStartup(this.#received.take(length));
  }

  #readAuthentication(phase: AuthenticationPhase): FrontendMessage | undefined {
    const expected = phase === "password" ? "password" : "SASL";
    if (this.#received.length === 0) return undefined;
    const type = this.#received.byteAt(0);
    if (type !== authenticationType)
      throw invalidMessage(`expected ${expected} response, got message type ${type}`, "FATAL");
    const body = this.#takeBody(phase === "password" ? maxPasswordBytes : maxSaslBytes);
    return body === undefined ? undefined : decodeAuthentication(phase, body);
  }

  #readCommand(): FrontendMessage | InvalidMessage | undefined {
    if (this.#received.length === 0) return undefined;
    const type = this.#received.byteAt(0);
    const command = commandOf(type);
    if (command === undefined) throw invalidMessage(`invalid frontend message type ${type}`, "FATAL");
    const body = this.#takeBody(command.isLong ? this.#maxMessageBytes : maxShortMessageBytes);
    if (body === undefined) return undefined;
    try {
      return command.decode(new MessageBody(body));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { kind: "invalid", within: command.kind, error };
    }
  }

  /** The body of the message at hand, whose length counts itself; undefined until all of it has come. */
  #takeBody(maxBytes: number): Uint8Array | undefined {
    if (this.#received.length < headerBytes) return undefined;
    const length = this.#received.int32At(1);
    if (length < lengthBytes || length > maxBytes) throw invalidMessage("invalid message length", "FATAL");
    if (this.#received.length < 1 + length) return undefined;
    this.#received.skip(headerBytes);
    return this.#received.take(length - lengthBytes);
  }
}

/** Before a session runs, no error leaves a connection that could go on. */
function fatal(error: ProtocolError): ProtocolError {
  if (error.severity === "FATAL") return error;
  const { sqlState, detail } = error;
  return new ProtocolError(error.message, { severity: "FATAL", sqlState, ...(detail === undefined ? {} : { detail }) });
}
