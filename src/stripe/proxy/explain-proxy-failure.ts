import { SqlState } from "../../error/sql-state.js";
import type { Explanation } from "../explanation.js";
import type { ProxyFailure, ProxyIdentity, ProxyProblem } from "./proxy-failure.js";

/** What a failure of the proxy's is to the user; its message is the failure's own. */
export function explainProxyFailure({ problem, proxy }: ProxyFailure): Explanation {
  switch (problem.kind) {
    case "unreachable":
      return unreachable("Check ProxyHost and ProxyPort, and that the proxy runs.");
    case "silent":
      return unreachable("Set Timeout to more seconds, or check ProxyHost and ProxyPort.");
    case "closed":
      return unreachable(`Check that a proxy answers there, and that ProxySslType ${proxy.sslType} fits its port.`);
    case "speaks-tls":
      return {
        sqlState: SqlState.protocolViolation,
        hint: `ProxySslType is ${proxy.sslType}: set it to ALWAYS, or ProxyPort to the proxy's port without TLS.`,
      };
    case "speaks-plain":
      return {
        sqlState: SqlState.protocolViolation,
        hint: "ProxySslType is ALWAYS: set it to AUTO, or ProxyPort to the proxy's port of TLS.",
      };
    case "handshake":
      return { sqlState: SqlState.protocolViolation, hint: "Check the proxy's versions of TLS and what it asks for." };
    case "untrusted":
      return { sqlState: SqlState.connectionFailure, hint: trustHint(problem.systemCode) };
    case "credentials":
      return { sqlState: SqlState.invalidAuthorization, hint: credentialsHint(proxy, problem.offered) };
    case "answered":
      return explainAnswer(problem);
  }
}

/** "ECONNREFUSED", "status 403, ERR_ACCESS_DENIED 0": what is known beyond the message. */
export function proxyProblemFacts(problem: ProxyProblem): string | undefined {
  switch (problem.kind) {
    case "unreachable":
    case "closed":
    case "speaks-plain":
      return problem.systemCode;
    case "handshake":
      return problem.reason;
    case "untrusted":
      return [problem.systemCode, problem.reason].filter((part) => part !== undefined).join(", ");
    case "credentials":
      return "status 407";
    case "answered":
      return [`status ${problem.status}`, problem.reason].filter((part) => part !== "").join(", ");
    case "silent":
    case "speaks-tls":
      return undefined;
  }
}

/** True where the next attempt may meet with something else. */
export function isPassingProblem(problem: ProxyProblem): boolean {
  switch (problem.kind) {
    case "unreachable":
      return problem.systemCode !== "ENOTFOUND";
    case "silent":
    case "closed":
      return true;
    case "answered":
      return problem.status >= 500 || problem.status === 408 || problem.status === 429;
    case "speaks-tls":
    case "speaks-plain":
    case "handshake":
    case "untrusted":
    case "credentials":
      return false;
  }
}

function unreachable(hint: string): Explanation {
  return { sqlState: SqlState.connectionFailure, retryable: true, hint };
}

function explainAnswer({ target, status }: Extract<ProxyProblem, { kind: "answered" }>): Explanation {
  if (status >= 500) return unreachable(`Check that ApiBase is right, and that the proxy can reach ${target}.`);
  return {
    sqlState: SqlState.connectionRejected,
    hint: `Whoever runs the proxy has to allow ${target}. Stripe's API needs api.stripe.com:443 and files.stripe.com:443.`,
  };
}

function trustHint(systemCode: string | undefined): string {
  if (systemCode === "ERR_TLS_CERT_ALTNAME_INVALID") return "Give ProxyHost as the proxy's certificate names it.";
  if (/EXPIRED|NOT_YET_VALID/.test(systemCode ?? "")) return "Whoever runs the proxy has to renew its certificate.";
  return "Start the program with NODE_EXTRA_CA_CERTS set to the file of the authority that signed the certificate.";
}

function credentialsHint({ authScheme }: ProxyIdentity, offered: readonly string[]): string {
  const takes = offered.length === 0 ? "" : ` The proxy takes ${offered.join(", ")}.`;
  if (authScheme === "NONE") return `Set ProxyAuthScheme, ProxyUser and ProxyPassword.${takes}`;
  const isOffered = offered.some((scheme) => scheme.toUpperCase() === authScheme);
  if (isOffered || offered.length === 0) return `Check ProxyUser and ProxyPassword.${takes}`;
  return `ProxyAuthScheme is ${authScheme}, which it does not take.${takes}`;
}
