import type { FrontendMessage } from "./frontend-message.js";
import { MessageBody } from "./message-body.js";

/** What the session waits for: all three messages are of type "p". */
export type AuthenticationPhase = "password" | "sasl-initial" | "sasl-response";

export function decodeAuthentication(phase: AuthenticationPhase, bytes: Uint8Array): FrontendMessage {
  const body = new MessageBody(bytes);
  switch (phase) {
    case "password": {
      const password = body.string();
      body.end();
      return { kind: "password", password };
    }
    case "sasl-initial":
      return decodeInitialResponse(body);
    case "sasl-response":
      return { kind: "sasl-response", data: body.rest() };
  }
}

function decodeInitialResponse(body: MessageBody): FrontendMessage {
  const mechanism = body.string();
  const length = body.int32();
  const data = length === -1 ? undefined : body.bytes(length);
  body.end();
  return { kind: "sasl-initial-response", mechanism, data };
}
