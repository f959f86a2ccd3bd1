import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SecureContext } from "node:tls";
import { createSecureContext } from "node:tls";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { certificateHash } from "../authentication/certificate-hash.js";

/** A server's certificate with its key. */
export interface TlsCertificate {
  readonly context: SecureContext;
  /** What clients bind themselves to; undefined where the certificate's signature names no hash. */
  readonly hash: Uint8Array | undefined;
}

/**
 * Reads a certificate, with those that vouch for it behind it, and its key, both PEM.
 *
 * @throws StripeSqlError 22023 where a file cannot be read or is no certificate, or the key is another's.
 */
export function readTlsCertificate(files: { readonly certificate: string; readonly key: string }): TlsCertificate {
  try {
    const [cert, key] = [readFileSync(files.certificate), readFileSync(files.key)];
    const own = new X509Certificate(cert);
    return { context: createSecureContext({ cert, key, minVersion: "TLSv1.2" }), hash: certificateHash(own.raw) };
  } catch (error) {
    // The messages of OpenSSL and of the file system tell nothing of the key itself.
    throw new StripeSqlError("the certificate for TLS cannot be used", {
      sqlState: SqlState.invalidParameterValue,
      phase: "connect",
      detail: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}
