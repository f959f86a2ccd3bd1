import { scramError } from "./scram-message.js";

export type ScramMechanism = "SCRAM-SHA-256" | "SCRAM-SHA-256-PLUS";

/** What a connection can be asked for, the best first: with channel binding where its certificate's hash is known. */
export function scramMechanisms(certificateHash: Uint8Array | undefined): readonly ScramMechanism[] {
  return certificateHash === undefined ? ["SCRAM-SHA-256"] : ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
}

/** The mechanism that a client chose, which has to be one of those that it was offered. */
export function chosenMechanism(name: string, certificateHash: Uint8Array | undefined): ScramMechanism {
  const mechanism = scramMechanisms(certificateHash).find((offered) => offered === name);
  if (mechanism === undefined) throw scramError("client selected an invalid SASL authentication mechanism");
  return mechanism;
}
