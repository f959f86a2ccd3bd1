import type { SqlState } from "../../error/sql-state.js";
import { SqlState as state } from "../../error/sql-state.js";
import { ProtocolError } from "../../protocol/protocol-error.js";

/**
 * Reads the attributes of a SCRAM message, "r=…,s=…", one after the other. Its characters are the message's bytes.
 * Source: RFC 5802, 5.1 and 7
 */
export class ScramMessage {
  readonly text: string;
  #offset = 0;

  constructor(data: Uint8Array) {
    if (data.length === 0) throw malformed("The message is empty.");
    if (data.includes(0)) throw malformed("Message length does not match input length.");
    this.text = Buffer.from(data).toString("latin1");
  }

  /** Where the next attribute begins. */
  get offset(): number {
    return this.#offset;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.text.length;
  }

  /** The next character, shown as one. */
  peek(): string {
    return this.text.charAt(this.#offset);
  }

  skip(): void {
    this.#offset += 1;
  }

  /** The value of the next attribute, which has to be that of the name. */
  attribute(name: string): string {
    if (this.peek() !== name) throw malformed(`Expected attribute "${name}" but found "${shown(this.peek())}".`);
    return this.#value();
  }

  /** The next attribute, whatever it is. */
  anyAttribute(): { readonly name: string; readonly value: string } {
    if (this.isAtEnd) throw malformed("Attribute expected, but found end of string.");
    const name = this.peek();
    if (!/^[A-Za-z]$/.test(name)) throw malformed(`Attribute expected, but found invalid character "${shown(name)}".`);
    return { name, value: this.#value() };
  }

  #value(): string {
    const name = this.peek();
    if (this.text.charAt(this.#offset + 1) !== "=") throw malformed(`Expected character "=" for attribute "${name}".`);
    const start = this.#offset + 2;
    const comma = this.text.indexOf(",", start);
    const end = comma === -1 ? this.text.length : comma;
    this.#offset = comma === -1 ? end : end + 1;
    return this.text.slice(start, end);
  }
}

/** What a client sent is no SCRAM message. */
export function malformed(detail: string): ProtocolError {
  return scramError("malformed SCRAM message", { detail });
}

export function scramError(
  message: string,
  { detail, sqlState = state.protocolViolation }: { detail?: string; sqlState?: SqlState } = {},
): ProtocolError {
  return new ProtocolError(message, { severity: "FATAL", sqlState, ...(detail === undefined ? {} : { detail }) });
}

/** A character of a stranger's for an error: as it is where it is printable ASCII, else its number. */
export function shown(character: string): string {
  return /^[\x21-\x7e]$/.test(character)
    ? `'${character}'`
    : `0x${(character === "" ? 0 : character.charCodeAt(0)).toString(16).padStart(2, "0")}`;
}
