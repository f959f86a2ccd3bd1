import { createHash, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { certificateHash } from "../../../src/gateway/authentication/certificate-hash.js";
import { selfSignedCertificate } from "../../support/self-signed-certificate.js";

describe("the hash that a client binds itself to", () => {
  it.each([
    ["ecdsa", "sha256"],
    ["ecdsa", "sha384"],
    ["ecdsa", "sha512"],
    ["rsa", "sha256"],
    ["rsa", "sha384"],
    ["rsa", "sha512"],
    ["rsa-pss", "sha256"],
    ["rsa-pss", "sha384"],
    ["rsa-pss", "sha512"],
  ] as const)("is that of the certificate's signature: %s, %s", (kind, hash) => {
    const { cert } = selfSignedCertificate("localhost", [], { kind, hash });
    const { raw } = new X509Certificate(cert);
    const expected = createHash(hash).update(raw).digest();
    expect(certificateHash(cert)).toEqual(expected);
    expect(certificateHash(raw)).toEqual(expected);
  });

  it("is none where the signature names no hash", () => {
    expect(certificateHash(selfSignedCertificate("localhost", [], { kind: "ed25519" }).cert)).toBeUndefined();
  });

  it("is not one of what is no certificate", () => {
    expect(() => certificateHash("pencil")).toThrow();
  });
});
