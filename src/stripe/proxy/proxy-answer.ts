import { parseChallenges } from "./proxy-challenge.js";
import type { ProxyProblem } from "./proxy-failure.js";

/** An answer that is the proxy's own, to a CONNECT or in the place of Stripe's. */
export interface ProxyAnswer {
  readonly status: number;
  /** "Forbidden" */
  readonly statusText: string;
  readonly headers: ProxyHeaders;
}

export type ProxyHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const longestReason = 200;

/** What the proxy refused, and why. */
export function readProxyAnswer({ status, statusText, headers }: ProxyAnswer, target: string): ProxyProblem {
  if (status === 407) return { kind: "credentials", offered: offeredSchemes(headers) };
  const reason = (headerText(headers, "x-squid-error") || statusText).slice(0, longestReason);
  return { kind: "answered", target, status, reason };
}

/** One line of the header, however many came; empty where there is none. */
export function headerText(headers: ProxyHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "object" ? value.join(", ") : (value ?? "");
}

function offeredSchemes(headers: ProxyHeaders): readonly string[] {
  const challenges = parseChallenges(headerText(headers, "proxy-authenticate"));
  return [...new Set(challenges.map(({ scheme }) => scheme))];
}
