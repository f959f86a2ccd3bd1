import { describe, expect, it } from "vitest";
import type { ScramOptions } from "../../../src/gateway/authentication/scram-exchange.js";
import { ScramExchange } from "../../../src/gateway/authentication/scram-exchange.js";
import { chosenMechanism, scramMechanisms } from "../../../src/gateway/authentication/scram-mechanism.js";
import { deriveScramSecret, mockScramSecret } from "../../../src/gateway/authentication/scram-secret.js";
import { ProtocolError } from "../../../src/protocol/protocol-error.js";
import type { ScramClientOptions } from "../../support/scram-client.js";
import { ScramClient } from "../../support/scram-client.js";

const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
const secret = deriveScramSecret({ password: "pencil", salt });
const serverNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const certificateHash = Buffer.alloc(32, 7);

const plain: ScramOptions = { mechanism: "SCRAM-SHA-256", secret, isDoomed: false, nonce: serverNonce };
const bound: ScramOptions = { ...plain, mechanism: "SCRAM-SHA-256-PLUS", certificateHash };
const bindingClient: ScramClientOptions = {
  ...{ password: "pencil", header: "p=tls-server-end-point,,", binding: certificateHash },
};

/** An exchange from the first message to the verdict. */
function exchange(server: ScramOptions, client: ScramClientOptions) {
  const scram = new ScramExchange(server);
  const peer = new ScramClient(client);
  const first = scram.next(peer.first);
  if (first.kind !== "continue") throw new Error(`the first step was ${first.kind}`);
  const { message, verifier } = peer.final(first.data);
  const last = scram.next(Buffer.from(message));
  return { kind: last.kind, isVerified: "data" in last && Buffer.from(last.data).toString() === verifier };
}

function failureOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return [error.severity, error.sqlState, error.message, error.detail ?? ""].join(" | ");
  }
  return "nothing was thrown";
}

const malformed = (detail: string): string => `FATAL | 08P01 | malformed SCRAM message | ${detail}`;

describe("SCRAM-SHA-256", () => {
  it("gives the answers of RFC 7677's example", () => {
    const scram = new ScramExchange(plain);
    const nonce = `rOprNGfwEbeRWgbNEkqO${serverNonce}`;
    expect(scram.next(Buffer.from("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))).toEqual({
      kind: "continue",
      data: Buffer.from(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`),
    });
    const proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    expect(scram.next(Buffer.from(`c=biws,r=${nonce},p=${proof}`))).toEqual({
      kind: "success",
      data: Buffer.from("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
    });
  });

  it("lets in who knows the password, and shows that the server knows it", () => {
    expect(exchange(plain, { password: "pencil" })).toEqual({ kind: "success", isVerified: true });
    expect(exchange(plain, { password: "pencil", user: "é😀", header: "y,," })).toMatchObject({ kind: "success" });
  });

  it("refuses another password", () => {
    expect(exchange(plain, { password: "Pencil" })).toEqual({ kind: "failure", isVerified: false });
  });

  it("refuses a user that there is not, whatever the password", () => {
    const unknown = { ...plain, secret: mockScramSecret({ user: "bob", key: Buffer.from("k") }), isDoomed: true };
    expect(exchange(unknown, { password: "pencil" })).toEqual({ kind: "failure", isVerified: false });
    expect(exchange({ ...plain, isDoomed: true }, { password: "pencil" })).toEqual({
      kind: "failure",
      isVerified: false,
    });
  });

  it("asks a client for its first message that sent none", () => {
    const scram = new ScramExchange(plain);
    expect(scram.next(undefined)).toEqual({ kind: "continue", data: new Uint8Array(0) });
    expect(scram.next(new ScramClient({ password: "pencil" }).first)).toMatchObject({ kind: "continue" });
  });

  it("makes a nonce of its own for each exchange", () => {
    const { nonce: _nonce, ...withoutNonce } = plain;
    const challenges = [1, 2].map(() => new ScramExchange(withoutNonce).next(Buffer.from("n,,n=,r=abc")));
    const [one, two] = challenges.map((step) => ("data" in step ? Buffer.from(step.data).toString() : ""));
    expect(one).toMatch(/^r=abc[A-Za-z0-9+/]{24},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096$/);
    expect(one).not.toBe(two);
  });

  it("is over after its last message", () => {
    const scram = new ScramExchange(plain);
    expect(failureOf(() => scram.next(Buffer.from("x")))).toMatch("FATAL");
    expect(failureOf(() => scram.next(Buffer.from("n,,n=,r=abc")))).toBe("FATAL | 08P01 | unexpected SASL response | ");
  });
});

describe("channel binding", () => {
  it("is offered over TLS alone, before the exchange without it", () => {
    expect(scramMechanisms(undefined)).toEqual(["SCRAM-SHA-256"]);
    expect(scramMechanisms(certificateHash)).toEqual(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]);
    expect(chosenMechanism("SCRAM-SHA-256-PLUS", certificateHash)).toBe("SCRAM-SHA-256-PLUS");
    for (const name of ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", "", "scram-sha-256"]) {
      expect(failureOf(() => chosenMechanism(name, undefined))).toBe(
        "FATAL | 08P01 | client selected an invalid SASL authentication mechanism | ",
      );
    }
  });

  it("lets in a client that is bound to the server's certificate", () => {
    expect(exchange(bound, bindingClient)).toEqual({ kind: "success", isVerified: true });
  });

  it("refuses a client that is bound to another certificate: somebody stands between", () => {
    const stranger = { ...bindingClient, binding: Buffer.alloc(32, 8) };
    expect(failureOf(() => exchange(bound, stranger))).toBe("FATAL | 28000 | SCRAM channel binding check failed | ");
  });

  it("refuses a client that was told that there is none", () => {
    const told = { ...plain, certificateHash };
    expect(failureOf(() => exchange(told, { password: "pencil", header: "y,," }))).toBe(
      "FATAL | 28000 | SCRAM channel binding negotiation error | The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.",
    );
    expect(exchange(told, { password: "pencil" })).toEqual({ kind: "success", isVerified: true });
  });

  it("refuses a first message that contradicts the mechanism", () => {
    const without =
      "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.";
    const within =
      "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.";
    expect(failureOf(() => exchange(bound, { password: "pencil" }))).toBe(malformed(without));
    expect(failureOf(() => exchange(bound, { password: "pencil", header: "y,," }))).toBe(malformed(without));
    expect(failureOf(() => exchange(plain, bindingClient))).toBe(malformed(within));
    expect(failureOf(() => exchange(bound, { ...bindingClient, header: "p=tls-unique,," }))).toBe(
      'FATAL | 08P01 | unsupported SCRAM channel-binding type "tls-unique" | ',
    );
  });

  it("refuses a last message whose header is not the first one's", () => {
    const scram = new ScramExchange(plain);
    scram.next(Buffer.from("n,,n=,r=abc"));
    expect(failureOf(() => scram.next(Buffer.from(`c=eSws,r=abc${serverNonce},p=`)))).toBe(
      "FATAL | 08P01 | unexpected SCRAM channel-binding attribute in client-final-message | ",
    );
  });
});

describe("a first message that is none", () => {
  it.each([
    ["", "The message is empty."],
    ["n,,n=,r=a\0", "Message length does not match input length."],
    ["x,,n=,r=a", "Unexpected channel-binding flag \"'x'\"."],
    ["\u0001", 'Unexpected channel-binding flag "0x01".'],
    ["n", 'Comma expected, but found character "0x00".'],
    ["n,x,n=,r=a", "Unexpected attribute \"'x'\" in client-first-message."],
    ["n,,r=a", 'Expected attribute "n" but found "\'r\'".'],
    ["n,,n,r=a", 'Expected character "=" for attribute "n".'],
    ["n,,n=", 'Expected attribute "r" but found "0x00".'],
    ["n,,n=,r=a,1=b", "Attribute expected, but found invalid character \"'1'\"."],
    ["n,,n=,r=a,t", 'Expected character "=" for attribute "t".'],
  ])("is %j", (text, detail) => {
    expect(failureOf(() => new ScramExchange(plain).next(Buffer.from(text)))).toBe(malformed(detail));
  });

  it.each([
    ["n,a=bob,n=,r=a", "0A000 | client uses authorization identity, but it is not supported"],
    ["n,,m=x,n=,r=a", "0A000 | client requires an unsupported SCRAM extension"],
    ["n,,n=,r=é", "08P01 | non-printable characters in SCRAM nonce"],
  ])("is %j, which is refused", (text, expected) => {
    expect(failureOf(() => new ScramExchange(plain).next(Buffer.from(text)))).toBe(`FATAL | ${expected} | `);
  });

  it("may have extensions that are passed over", () => {
    const scram = new ScramExchange(plain);
    expect(scram.next(Buffer.from("n,,n=,r=abc,x=y,z="))).toMatchObject({ kind: "continue" });
  });
});

describe("a last message that is none", () => {
  const proof = Buffer.alloc(32).toString("base64");

  it.each([
    [`r=abc${serverNonce},p=${proof}`, malformed('Expected attribute "c" but found "\'r\'".')],
    [`c=biws,p=${proof}`, malformed('Expected attribute "r" but found "\'p\'".')],
    [`c=biws,r=abc${serverNonce}`, malformed("Attribute expected, but found end of string.")],
    [`c=biws,r=abc${serverNonce},p=AAAA`, malformed("Malformed proof in client-final-message.")],
    [`c=biws,r=abc${serverNonce},p=${proof.replace("=", "!")}`, malformed("Malformed proof in client-final-message.")],
    [`c=biws,r=abc${serverNonce},p=${proof},x=y`, malformed("Garbage found at the end of client-final-message.")],
    [`c=biws,r=abc,p=${proof}`, "FATAL | 08P01 | invalid SCRAM response | Nonce does not match."],
    [`c=biws,r=abd${serverNonce},p=${proof}`, "FATAL | 08P01 | invalid SCRAM response | Nonce does not match."],
  ])("is %j", (text, expected) => {
    const scram = new ScramExchange(plain);
    scram.next(Buffer.from("n,,n=,r=abc"));
    expect(failureOf(() => scram.next(Buffer.from(text)))).toBe(expected);
  });

  it("may have extensions before the proof, which are proven with it", () => {
    const scram = new ScramExchange(plain);
    scram.next(Buffer.from("n,,n=,r=abc"));
    expect(scram.next(Buffer.from(`c=biws,r=abc${serverNonce},x=y,p=${proof}`))).toEqual({ kind: "failure" });
  });
});
