import type { ProxyOptions } from "./proxy-options.js";
import { proxyAddress } from "./proxy-options.js";

/** What went wrong at the proxy, or on the way to it. */
export type ProxyProblem =
  /** No connection: a closed port, an unknown host. */
  | { readonly kind: "unreachable"; readonly systemCode: string | undefined }
  /** It did not answer in time. */
  | { readonly kind: "silent" }
  /** It closed the connection without an answer. */
  | { readonly kind: "closed"; readonly systemCode: string | undefined }
  /** Its port speaks TLS, and was spoken to without. */
  | { readonly kind: "speaks-tls" }
  /** Its port does not speak TLS, and was spoken to with it. */
  | { readonly kind: "speaks-plain"; readonly systemCode: string | undefined }
  /** TLS came to no agreement. */
  | { readonly kind: "handshake"; readonly reason: string }
  /** Its certificate is not trusted. */
  | { readonly kind: "untrusted"; readonly systemCode: string | undefined; readonly reason: string }
  /** It wants others than the credentials that it was given: 407. `offered` are its schemes. */
  | { readonly kind: "credentials"; readonly offered: readonly string[] }
  /** It answered in the place of `target`, "api.stripe.com:443". */
  | {
      readonly kind: "answered";
      readonly target: string;
      readonly status: number;
      /** In its own words: "ERR_CONNECT_FAIL 111". */
      readonly reason: string;
    };

/** As much of the proxy as an error may show. */
export interface ProxyIdentity {
  /** "proxy.example:3128" */
  readonly address: string;
  readonly sslType: ProxyOptions["sslType"];
  readonly authScheme: ProxyOptions["authScheme"];
}

export interface ProxyFailureParts {
  readonly proxy: ProxyOptions;
  readonly problem: ProxyProblem;
  /** True where Stripe may have received the request all the same. */
  readonly mayHaveArrived: boolean;
  readonly cause?: unknown;
}

/** A request that got no answer of Stripe's because of the proxy. Like LostConnection it has no `code`. */
export class ProxyFailure extends Error {
  readonly problem: ProxyProblem;
  readonly proxy: ProxyIdentity;
  readonly mayHaveArrived: boolean;

  constructor({ proxy, problem, mayHaveArrived, cause }: ProxyFailureParts) {
    const identity = { address: proxyAddress(proxy), sslType: proxy.sslType, authScheme: proxy.authScheme };
    super(proxyProblemMessage(problem, identity), cause === undefined ? undefined : { cause });
    this.name = "ProxyFailure";
    this.problem = problem;
    this.proxy = identity;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** One line. */
function proxyProblemMessage(problem: ProxyProblem, { address, authScheme }: ProxyIdentity): string {
  switch (problem.kind) {
    case "unreachable":
      return `could not reach the proxy at ${address}`;
    case "silent":
      return `the proxy at ${address} did not answer in time`;
    case "closed":
      return `the proxy at ${address} closed the connection without an answer`;
    case "speaks-tls":
      return `the proxy at ${address} speaks TLS only`;
    case "speaks-plain":
      return `the proxy at ${address} does not speak TLS`;
    case "handshake":
      return `TLS with the proxy at ${address} failed`;
    case "untrusted":
      return `the certificate of the proxy at ${address} is not trusted`;
    case "credentials":
      return authScheme === "NONE"
        ? `the proxy at ${address} asks for credentials`
        : `the proxy at ${address} does not accept the credentials`;
    case "answered":
      return problem.status >= 500
        ? `the proxy at ${address} could not reach ${problem.target}`
        : `the proxy at ${address} refuses to connect to ${problem.target}`;
  }
}
