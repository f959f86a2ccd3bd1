import { randomBytes } from "node:crypto";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ScramExchange } from "../authentication/scram-exchange.js";
import { chosenMechanism, scramMechanisms } from "../authentication/scram-mechanism.js";
import { mockScramSecret } from "../authentication/scram-secret.js";
import { SessionState } from "../session/session-state.js";
import type { ClientSocket } from "./client-socket.js";
import type { ServedUser } from "./served-user.js";

/** Of this process alone: who is not known here is asked for a password all the same. */
const mockKey = randomBytes(32);

export interface Authentication {
  readonly name: string;
  /** Undefined where there is no such user. */
  readonly user: ServedUser | undefined;
  /** Of the server's certificate, on a connection over TLS that can be bound to. */
  readonly certificateHash: Uint8Array | undefined;
}

/**
 * Asks a client for its password by SCRAM-SHA-256. A user that is not known fails as late as a wrong password, and in
 * the same words.
 *
 * @throws ProtocolError 28P01.
 */
export async function authenticateClient(
  socket: ClientSocket,
  { name, user, certificateHash }: Authentication,
): Promise<ServedUser> {
  const { writer } = socket;
  writer.authenticationSasl(scramMechanisms(certificateHash));
  await socket.send();
  socket.phase = "sasl-initial";
  const first = await socket.next();
  if (first?.kind !== "sasl-initial-response") throw gone();
  const exchange = new ScramExchange({
    mechanism: chosenMechanism(first.mechanism, certificateHash),
    secret: user?.secret ?? mockScramSecret({ user: name, key: mockKey }),
    isDoomed: user === undefined,
    certificateHash,
  });
  socket.phase = "sasl-response";
  for (let step = exchange.next(first.data); ; ) {
    if (step.kind === "failure" || (step.kind === "success" && user === undefined)) throw wrongPassword(name);
    if (step.kind === "success" && user !== undefined) {
      writer.authenticationSaslFinal(step.data);
      return user;
    }
    if (step.kind === "continue") writer.authenticationSaslContinue(step.data);
    await socket.send();
    const answer = await socket.next();
    if (answer?.kind !== "sasl-response") throw gone();
    step = exchange.next(answer.data);
  }
}

function wrongPassword(name: string): ProtocolError {
  return new ProtocolError(`password authentication failed for user "${name}"`, {
    severity: "FATAL",
    sqlState: SessionState.invalidPassword,
  });
}

/** The client left: nobody reads what it is told. */
function gone(): ProtocolError {
  return new ProtocolError("the client left before it was known", { severity: "FATAL" });
}
