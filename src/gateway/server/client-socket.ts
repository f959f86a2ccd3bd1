import { once } from "node:events";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { SecureContext } from "node:tls";
import { TLSSocket } from "node:tls";
import { BackendWriter } from "../../protocol/backend-writer.js";
import type { FrontendMessage } from "../../protocol/frontend-message.js";
import type { FrontendReaderOptions, InvalidMessage, ReadPhase } from "../../protocol/frontend-reader.js";
import { FrontendReader } from "../../protocol/frontend-reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";

/** So many bytes of answers are gathered before they are sent on their own. */
const worthSending = 32 * 1024;

/** So many bytes may wait to be read while a statement runs; then the client has to wait too. */
const mostUnread = 1024 * 1024;

/** So many messages of one client are given in a row; then other clients have their turn. */
const mostInARow = 50;

/** So long a client may take to hang up, once it was told all; then it is cut off. */
const lingerMs = 5000;

/**
 * A client's connection as messages. What it sends is read on while a statement runs, up to a bound, so that it is
 * noticed where the client goes away; what is sent to it waits until it takes it.
 */
export class ClientSocket {
  readonly writer = new BackendWriter();
  readonly #reader: FrontendReader;
  #socket: Socket;
  readonly #gone = new AbortController();
  #wake: (() => void) | undefined;
  #inARow = 0;

  constructor(socket: Socket, options: FrontendReaderOptions = {}) {
    this.#reader = new FrontendReader(options);
    this.#socket = socket;
    socket.setNoDelay(true);
    this.#listen(socket);
  }

  /** Aborted once the client has gone, or the connection was ended from here. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** Undefined where the connection is not encrypted. */
  get tls(): { readonly version: string; readonly cipher: string } | undefined {
    if (!(this.#socket instanceof TLSSocket)) return undefined;
    return { version: this.#socket.getProtocol() ?? "", cipher: this.#socket.getCipher().standardName };
  }

  /** How the next message is to be read. */
  set phase(phase: ReadPhase) {
    this.#reader.phase = phase;
  }

  /** Whether the next message is here already, at least in part. */
  get hasUnread(): boolean {
    return this.#reader.unreadBytes > 0;
  }

  /** The next message; undefined where the client has gone. Throws what breaks the stream. */
  async next(): Promise<FrontendMessage | InvalidMessage | undefined> {
    for (;;) {
      const message = this.#reader.next();
      // A message that is not whole is waited for, however long it is: the reader bounds it.
      if (message === undefined || this.#reader.unreadBytes < mostUnread) this.#socket.resume();
      if (message !== undefined) {
        this.#inARow += 1;
        if (this.#inARow % mostInARow === 0) await setImmediate();
        return message;
      }
      if (this.gone.aborted) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends what has gathered, where it is worth it; waits as long as the client does not take it. */
  async sendMuch(): Promise<void> {
    if (this.writer.length >= worthSending) await this.send();
  }

  /** Sends what has gathered; waits as long as the client does not take it. */
  async send(): Promise<void> {
    if (this.writer.length === 0 || this.gone.aborted) return;
    const hasRoom = this.#socket.write(this.writer.take());
    if (!hasRoom) await once(this.#socket, "drain", { signal: this.gone }).catch(() => undefined);
  }

  /** A byte that stands alone: the answer to a request for encryption. */
  sendByte(letter: "S" | "N"): void {
    this.#socket.write(letter);
  }

  /**
   * Goes on over TLS. What was sent before its handshake was not encrypted, and must not be taken for what follows.
   *
   * @throws ProtocolError where bytes had come already.
   */
  async encrypt(context: SecureContext): Promise<void> {
    if (this.hasUnread) {
      throw new ProtocolError("received unencrypted data after SSL request", {
        severity: "FATAL",
        detail: "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.",
      });
    }
    const plain = this.#socket;
    plain.removeAllListeners("data");
    const secure = new TLSSocket(plain, { isServer: true, secureContext: context });
    this.#socket = secure;
    this.#listen(secure);
    await once(secure, "secure", { signal: this.gone }).catch(() => undefined);
  }

  /** Sends what has gathered and hangs up; a client that does not take it, or stays, is cut off soon after. */
  end(): void {
    const socket = this.#socket;
    if (!socket.destroyed && !socket.writableEnded) {
      const cut = setTimeout(() => socket.destroy(), lingerMs);
      socket.once("close", () => clearTimeout(cut));
      socket.end(this.writer.take());
      // What still comes is dropped: its end is to be noticed.
      socket.removeAllListeners("data");
      socket.resume();
    }
    this.#leave();
  }

  /** Hangs up at once. */
  destroy(): void {
    this.#socket.destroy();
    this.#leave();
  }

  #listen(socket: Socket): void {
    socket.on("data", (bytes: Buffer) => {
      this.#reader.push(bytes);
      if (this.#reader.unreadBytes >= mostUnread) socket.pause();
      this.#awake();
    });
    const leave = () => this.#leave();
    // A client that sends no more asks for nothing more: what runs for it is given up.
    socket.on("end", leave);
    socket.on("close", leave);
    // What became of the connection "close" tells.
    socket.on("error", leave);
  }

  #leave(): void {
    this.#gone.abort();
    this.#awake();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
