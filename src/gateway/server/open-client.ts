import { SqlState } from "../../error/sql-state.js";
import type { CancelRequest, StartupMessage } from "../../protocol/frontend-message.js";
import { negotiateVersion } from "../../protocol/negotiate-version.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { ClientSocket } from "./client-socket.js";
import type { TlsCertificate } from "./tls-certificate.js";

/** What a connection is for, told by its first messages. */
export type Opening =
  | { readonly kind: "session"; readonly startup: StartupMessage; readonly minorVersion: number }
  | CancelRequest
  /** The client left. */
  | { readonly kind: "none" };

/**
 * The first messages of a connection: encryption, where it is asked for and can be had, then what the connection is for.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export async function openClient(socket: ClientSocket, certificate: TlsCertificate | undefined): Promise<Opening> {
  const asked = new Set<string>();
  for (;;) {
    const message = await socket.next();
    // Each kind of encryption is asked for once: who asks on and on would be answered without end.
    if (message !== undefined && asked.has(message.kind)) throw startupExpected();
    switch (message?.kind) {
      case undefined:
        return { kind: "none" };
      case "ssl-request":
        asked.add(message.kind);
        if (certificate === undefined || socket.isEncrypted) socket.sendByte("N");
        else {
          socket.sendByte("S");
          await socket.encrypt(certificate.context);
        }
        break;
      case "gss-encryption-request":
        asked.add(message.kind);
        socket.sendByte("N");
        break;
      case "cancel-request":
        return message;
      case "startup":
        return begun(message, socket, certificate);
      default:
        throw startupExpected();
    }
  }
}

function startupExpected(): ProtocolError {
  return new ProtocolError("a start-up message was expected", { severity: "FATAL" });
}

function begun(startup: StartupMessage, socket: ClientSocket, certificate: TlsCertificate | undefined): Opening {
  if (certificate !== undefined && !socket.isEncrypted) {
    throw new ProtocolError("this server takes connections over TLS alone", {
      severity: "FATAL",
      sqlState: SqlState.invalidAuthorization,
      detail: "Connect with sslmode=require, or what your client calls it.",
    });
  }
  const { minorVersion, differs, unknownOptions } = negotiateVersion(startup);
  if (differs) socket.writer.negotiateProtocolVersion(minorVersion, unknownOptions);
  return { kind: "session", startup, minorVersion };
}
