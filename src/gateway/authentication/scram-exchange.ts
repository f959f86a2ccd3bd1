import { randomBytes, timingSafeEqual } from "node:crypto";
import { SqlState } from "../../error/sql-state.js";
import { decodeBase64 } from "./base64.js";
import type { ScramMechanism } from "./scram-mechanism.js";
import { malformed, ScramMessage, scramError, shown } from "./scram-message.js";
import type { ScramSecret } from "./scram-secret.js";
import { hmac, sha256 } from "./scram-secret.js";

export interface ScramOptions {
  readonly mechanism: ScramMechanism;
  /** The user's, or a made-up one. */
  readonly secret: ScramSecret;
  /** Fails whatever the client proves, as late and after the same work as with a wrong password. */
  readonly isDoomed: boolean;
  /** Of the server's certificate, where the connection is over TLS: what a client binds itself to. */
  readonly certificateHash?: Uint8Array | undefined;
  /** The server's part of the nonce, printable ASCII without a comma; default 18 random bytes in base64. */
  readonly nonce?: string;
}

/** What to do next: send data and wait, send data and go on, or refuse the client. */
export type ScramStep =
  | { readonly kind: "continue"; readonly data: Uint8Array }
  | { readonly kind: "success"; readonly data: Uint8Array }
  | { readonly kind: "failure" };

/** What is kept between the client's first message and its last. */
interface Challenge {
  /** "n", "y" or "p", as the client began. */
  readonly flag: string;
  readonly clientFirstBare: string;
  readonly serverFirst: string;
  readonly nonce: string;
}

type State =
  | { readonly kind: "first" }
  | { readonly kind: "final"; readonly challenge: Challenge }
  | { readonly kind: "over" };

const nonceBytes = 18;
const channelBindingType = "tls-server-end-point";

/**
 * The server's side of SCRAM-SHA-256, with channel binding or without: the client's messages in, what to answer out. A
 * message that is none is a `ProtocolError`, in PostgreSQL's words; a wrong password is the step "failure".
 *
 * The name within the messages does not count: the user is that of the start-up.
 * Source: RFC 5802, RFC 7677, RFC 5929 (4); https://www.postgresql.org/docs/current/sasl-authentication.html
 */
export class ScramExchange {
  readonly #options: ScramOptions;
  #state: State = { kind: "first" };

  constructor(options: ScramOptions) {
    this.#options = options;
  }

  /** Takes the client's next message; undefined is the first of a client that wants to be asked for it. */
  next(data: Uint8Array | undefined): ScramStep {
    const state = this.#state;
    if (state.kind === "first" && data === undefined) return { kind: "continue", data: new Uint8Array(0) };
    this.#state = { kind: "over" };
    const message = new ScramMessage(data ?? new Uint8Array(0));
    switch (state.kind) {
      case "first": {
        const challenge = this.#challenge(message);
        this.#state = { kind: "final", challenge };
        return { kind: "continue", data: bytesOf(challenge.serverFirst) };
      }
      case "final":
        return this.#verdict(message, state.challenge);
      case "over":
        throw scramError("unexpected SASL response");
    }
  }

  #challenge(message: ScramMessage): Challenge {
    const flag = this.#readBindingFlag(message);
    if (message.peek() === "a") {
      throw scramError("client uses authorization identity, but it is not supported", {
        sqlState: SqlState.featureNotSupported,
      });
    }
    if (message.peek() !== ",")
      throw malformed(`Unexpected attribute "${shown(message.peek())}" in client-first-message.`);
    message.skip();
    const clientFirstBare = message.text.slice(message.offset);
    const nonce = readNonce(message) + (this.#options.nonce ?? randomBytes(nonceBytes).toString("base64"));
    const { salt, iterations } = this.#options.secret;
    const serverFirst = `r=${nonce},s=${Buffer.from(salt).toString("base64")},i=${iterations}`;
    return { flag, clientFirstBare, serverFirst, nonce };
  }

  /** Whether the client binds the channel. One that could, and was told that the server cannot, was lied to. */
  #readBindingFlag(message: ScramMessage): string {
    const { mechanism, certificateHash } = this.#options;
    const flag = message.peek();
    const isBound = mechanism === "SCRAM-SHA-256-PLUS";
    if (flag === "p") return readBindingType(message, isBound);
    if (flag !== "n" && flag !== "y") throw malformed(`Unexpected channel-binding flag "${shown(flag)}".`);
    if (isBound) {
      throw malformed(
        "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.",
      );
    }
    if (flag === "y" && certificateHash !== undefined) {
      throw scramError("SCRAM channel binding negotiation error", {
        sqlState: SqlState.invalidAuthorization,
        detail:
          "The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.",
      });
    }
    message.skip();
    if (message.peek() !== ",") throw malformed(`Comma expected, but found character "${shown(message.peek())}".`);
    message.skip();
    return flag;
  }

  #verdict(message: ScramMessage, { flag, clientFirstBare, serverFirst, nonce }: Challenge): ScramStep {
    this.#checkBinding(message.attribute("c"), flag);
    const isSameNonce = isEqual(bytesOf(message.attribute("r")), bytesOf(nonce));
    const { proof, withoutProof } = readProof(message);
    if (!isSameNonce) throw scramError("invalid SCRAM response", { detail: "Nonce does not match." });
    const { secret, isDoomed } = this.#options;
    const authMessage = bytesOf(`${clientFirstBare},${serverFirst},${withoutProof}`);
    const clientKey = exclusiveOr(proof, hmac(secret.storedKey, authMessage));
    const isProven = isEqual(sha256(clientKey), secret.storedKey);
    if (!isProven || isDoomed) return { kind: "failure" };
    const signature = hmac(secret.serverKey, authMessage).toString("base64");
    return { kind: "success", data: bytesOf(`v=${signature}`) };
  }

  /** What the client bound itself to is what it began with, and this connection's certificate. */
  #checkBinding(given: string, flag: string): void {
    const { mechanism, certificateHash } = this.#options;
    if (mechanism === "SCRAM-SHA-256-PLUS" && certificateHash !== undefined) {
      const expected = Buffer.concat([bytesOf(`p=${channelBindingType},,`), certificateHash]).toString("base64");
      if (!isEqual(bytesOf(given), bytesOf(expected)))
        throw scramError("SCRAM channel binding check failed", { sqlState: SqlState.invalidAuthorization });
    } else if (given !== Buffer.from(`${flag},,`).toString("base64")) {
      throw scramError("unexpected SCRAM channel-binding attribute in client-final-message");
    }
  }
}

function readBindingType(message: ScramMessage, isBound: boolean): string {
  if (!isBound) {
    throw malformed(
      "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.",
    );
  }
  const type = message.attribute("p");
  if (type !== channelBindingType) {
    const printable = type.slice(0, 30).replace(/[^\x21-\x7e]/g, "?");
    throw scramError(`unsupported SCRAM channel-binding type "${printable}"`);
  }
  return "p";
}

/** The client's part of the nonce, behind its name; what extends the protocol is passed over, but not what has to be known. */
function readNonce(message: ScramMessage): string {
  if (message.peek() === "m") {
    throw scramError("client requires an unsupported SCRAM extension", { sqlState: SqlState.featureNotSupported });
  }
  message.attribute("n");
  const nonce = message.attribute("r");
  if (!/^[\x21-\x7e]*$/.test(nonce)) throw scramError("non-printable characters in SCRAM nonce");
  while (!message.isAtEnd) message.anyAttribute();
  return nonce;
}

/** The proof, which ends the message, and all that stands before it. */
function readProof(message: ScramMessage): { readonly proof: Uint8Array; readonly withoutProof: string } {
  for (;;) {
    const withoutProof = message.text.slice(0, message.offset - 1);
    const { name, value } = message.anyAttribute();
    if (name !== "p") continue;
    const proof = decodeBase64(value);
    if (proof?.length !== 32) throw malformed("Malformed proof in client-final-message.");
    if (!message.isAtEnd) throw malformed("Garbage found at the end of client-final-message.");
    return { proof, withoutProof };
  }
}

/** The message's characters are its bytes. */
const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const exclusiveOr = (one: Uint8Array, other: Uint8Array): Uint8Array =>
  one.map((byte, index) => byte ^ (other[index] ?? 0));
