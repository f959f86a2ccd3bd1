import { saslprep } from "@mongodb-js/saslprep";

/**
 * A password in the form that SCRAM reckons with: prepared by SASLprep, or as it is where that refuses it or leaves
 * nothing of it. Clients of PostgreSQL's do the same, so that every password can be used.
 * Source: RFC 4013; https://www.postgresql.org/docs/current/sasl-authentication.html#SASL-SCRAM-SHA-256
 */
export function preparePassword(password: string): string {
  // Two passwords of ASCII never are one to SASLprep.
  if (/^\p{ASCII}*$/u.test(password)) return password;
  return prepared(password) || password;
}

function prepared(password: string): string | undefined {
  try {
    return saslprep(password);
  } catch {
    // It holds what SASLprep prohibits, which is no mistake of the user's.
    return undefined;
  }
}
