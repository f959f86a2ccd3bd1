import type { Socket } from "node:net";
import { connect } from "node:net";
import { afterEach } from "vitest";
import { counted, int16, int32, join, message, packet, startup, string, text, value } from "./wire-bytes.js";

const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/** A client that sends what it likes, and reads answers as short words: "D", "C SELECT 1", "E 42601", "Z I". */
export class RawClient {
  readonly socket: Socket;
  readonly answers: string[] = [];
  readonly #closed: Promise<void>;
  #left = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #hasClosed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    open.push(this.socket);
    this.socket.on("error", () => undefined);
    this.socket.on("data", (bytes) => this.#receive(bytes));
    this.#closed = new Promise((resolve) => {
      this.socket.on("close", () => {
        this.#hasClosed = true;
        this.#wake?.();
        resolve();
      });
    });
  }

  /** One whose session has begun. */
  static async begin(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await client.ask(begin());
    return client;
  }

  send(...messages: readonly Uint8Array[]): void {
    this.socket.write(join(...messages));
  }

  /** Sends, and gives the answers up to the next ReadyForQuery, or to the end of the connection. */
  ask(...messages: readonly Uint8Array[]): Promise<readonly string[]> {
    this.send(...messages);
    return this.until((answer) => answer.startsWith("Z"));
  }

  /** The answers up to one. */
  async until(isLast: (answer: string) => boolean): Promise<readonly string[]> {
    for (;;) {
      const index = this.answers.findIndex(isLast);
      if (index !== -1) return this.answers.splice(0, index + 1);
      if (this.#hasClosed) return [...this.answers.splice(0), "closed"];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Settles once the server has hung up. */
  closed(): Promise<void> {
    return this.#closed;
  }

  #receive(bytes: Uint8Array): void {
    this.#left = Buffer.concat([this.#left, bytes]);
    while (this.#left.length >= 5 && this.#left.length > this.#left.readInt32BE(1)) {
      const end = 1 + this.#left.readInt32BE(1);
      this.answers.push(described(String.fromCharCode(this.#left[0] ?? 0), this.#left.subarray(5, end)));
      this.#left = this.#left.subarray(end);
    }
    this.#wake?.();
  }
}

function described(type: string, body: Buffer): string {
  const parts = body.toString().split("\0");
  if (type === "E") return `E ${parts.find((part) => part.startsWith("C"))?.slice(1)}`;
  if (type === "C") return `C ${parts[0]}`;
  return type === "Z" ? `Z ${parts[0]}` : type;
}

const begin = (user = "analyst"): Uint8Array => startup(196608, { user, database: "shop" });
export const sslRequest = packet(int32(80877103));
export const sync = message("S");
export const flush = message("H");
export const query = (sql: string): Uint8Array => message("Q", string(sql));
export const parse = (name: string, sql: string): Uint8Array => message("P", string(name), string(sql), int16(0));
export const execute = (portal: string, maxRows = 0): Uint8Array => message("E", string(portal), int32(maxRows));
export const bind = (portal: string, statement: string, values: readonly string[] = []): Uint8Array =>
  message(
    "B",
    ...[string(portal), string(statement), int16(0)],
    ...[counted(values.map((one) => value(text(one)))), int16(0)],
  );
