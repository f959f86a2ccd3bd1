import { createHash, timingSafeEqual } from "node:crypto";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { RpcFailure } from "./rpc-failure.js";

/** Refuses a request whose Authorization header is not the API's own bearer token. */
export type Authenticate = (authorization: string | undefined) => void;

/** Fails with SQLSTATE 22023 for a token that no header can hold. */
export function openAuthentication(token: string): Authenticate {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new StripeSqlError("the token of the HTTP API cannot be used", {
      sqlState: SqlState.invalidParameterValue,
      phase: "connect",
      detail: token === "" ? "It is empty." : "It has spaces, line breaks or characters outside ASCII.",
    });
  }
  const expected = digest(token);
  return (authorization) => {
    if (authorization === undefined) throw unauthenticated("TOKEN_MISSING", "a bearer token is required", "");
    const given = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
    // Digests have one length, so the time taken tells nothing of the token's.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw unauthenticated("TOKEN_INVALID", "the bearer token is not valid", ', error="invalid_token"');
    }
  };
}

/** The token of a URL, as the header would have it. Source: https://docs.cloud.google.com/apis/docs/system-parameters */
export function authorizationInQuery(url: string): string | undefined {
  const start = url.indexOf("?");
  if (start < 0 || !url.includes("_token=", start)) return undefined;
  const query = new URLSearchParams(url.slice(start));
  const token = query.get("access_token") ?? query.get("oauth_token");
  return token === null ? undefined : `Bearer ${token}`;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Source: https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function unauthenticated(reason: string, message: string, attributes: string): RpcFailure {
  return new RpcFailure(message, {
    status: "UNAUTHENTICATED",
    reason,
    metadata: { hint: "Send the header Authorization: Bearer TOKEN." },
    headers: { "www-authenticate": `Bearer realm="stripe-sql"${attributes}` },
  });
}
