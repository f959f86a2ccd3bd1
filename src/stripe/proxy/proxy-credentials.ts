import { randomBytes } from "node:crypto";
import type { DigestChallenge, DigestMessage } from "./digest-authorization.js";
import { digestAuthorization, readDigestChallenge } from "./digest-authorization.js";
import { parseChallenges } from "./proxy-challenge.js";
import type { ProxyOptions } from "./proxy-options.js";

/** How a proxy is told who asks. */
export interface ProxyCredentials {
  /** For each message anew. */
  begin(message: DigestMessage): ProxyLogin;
}

/** One message's login. */
export interface ProxyLogin {
  /** The value of Proxy-Authorization to begin with; undefined for none. Its characters are UTF-8 on the wire. */
  readonly authorization: string | undefined;
  /** The value that answers the Proxy-Authenticate of a 407, or undefined where nothing else is left to try. */
  answer(proxyAuthenticate: string): string | undefined;
  /** The message was let through: what was agreed serves for later ones. */
  accepted(): void;
}

export function proxyCredentials({ authScheme, user = "", password = "" }: ProxyOptions): ProxyCredentials {
  switch (authScheme) {
    case "NONE":
      return sameForAll(undefined);
    case "BASIC":
      return sameForAll(`Basic ${basicCredentials(user, password)}`);
    case "DIGEST":
      return new DigestCredentials(user, password);
  }
}

/** User and password as BASIC sends them. Source: RFC 7617, 2.1 */
function basicCredentials(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`, "utf8").toString("base64");
}

function sameForAll(authorization: string | undefined): ProxyCredentials {
  return { begin: () => ({ authorization, answer: () => undefined, accepted: () => undefined }) };
}

/** A nonce in use, and how often it was. */
interface DigestSession {
  readonly challenge: DigestChallenge;
  readonly cnonce: string;
  count: number;
}

/** A proxy may find its nonce stale again and again; more tries than these tell of something else. */
const mostAnswers = 3;

/**
 * A nonce is used by one message at a time: a proxy counts its uses, and takes one that comes out of order for a
 * replay. So messages one after the other share a nonce, and as many nonces are asked for as there are messages at once.
 */
class DigestCredentials implements ProxyCredentials {
  readonly #idle: DigestSession[] = [];
  readonly #user: string;
  readonly #password: string;

  constructor(user: string, password: string) {
    this.#user = user;
    this.#password = password;
  }

  begin(message: DigestMessage): ProxyLogin {
    let session = this.#idle.pop();
    let answers = 0;
    return {
      authorization: session === undefined ? undefined : this.#authorize(session, message),
      answer: (proxyAuthenticate) => {
        const challenge = parseChallenges(proxyAuthenticate)
          .map(readDigestChallenge)
          .find((one) => one !== undefined);
        // A kept nonce may be refused for its age; a fresh one is refused for the user or the password.
        const isHopeless = answers > 0 && challenge?.isStale !== true;
        if (challenge === undefined || isHopeless || answers === mostAnswers) return undefined;
        answers += 1;
        session = { challenge, cnonce: randomBytes(16).toString("hex"), count: 0 };
        return this.#authorize(session, message);
      },
      accepted: () => {
        if (session !== undefined) this.#idle.push(session);
      },
    };
  }

  #authorize(session: DigestSession, message: DigestMessage): string {
    session.count += 1;
    const { challenge, cnonce, count } = session;
    return digestAuthorization(challenge, message, { user: this.#user, password: this.#password, cnonce, count });
  }
}
