import { Agent as HttpAgent, IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { finished } from "node:stream";
import type { ProxyUse } from "../connection-facts.js";
import type { Route, RouteOptions, SdkHttpClient, SdkHttpResponse } from "../http-route.js";
import { agentOptions } from "../http-route.js";
import type { ProxyAnswer } from "./proxy-answer.js";
import { headerText, readProxyAnswer } from "./proxy-answer.js";
import type { ProxyCredentials } from "./proxy-credentials.js";
import { proxyCredentials } from "./proxy-credentials.js";
import type { ProxyProblem } from "./proxy-failure.js";
import { ProxyFailure } from "./proxy-failure.js";
import type { ProxyOptions } from "./proxy-options.js";
import { authorityOf, bareHost, proxyAddress, proxyProtocol, serverNameOf } from "./proxy-options.js";
import { readConnectError, systemCodeOf, tlsProbe } from "./read-proxy-error.js";

type RequestParts = Parameters<SdkHttpClient["makeRequest"]>;

/**
 * Requests that the proxy forwards: each is sent to the proxy with the whole URL as its target. One that is
 * answered 407 was not passed on, so it is sent again with other credentials, whatever its method.
 * Source: RFC 9112, 3.2.2
 */
export class ForwardingClient implements Route {
  readonly proxy: ProxyUse;
  readonly client: SdkHttpClient;
  readonly #options: ProxyOptions;
  readonly #agent: HttpAgent;
  readonly #inner: SdkHttpClient;
  readonly #credentials: ProxyCredentials;
  readonly #speaksTls: () => Promise<boolean>;
  #hasAnswered = false;
  #isClosed = false;

  constructor({ createClient }: RouteOptions, options: ProxyOptions) {
    this.#options = options;
    this.proxy = { address: proxyAddress(options), way: "forward" };
    // Left to itself Node asks TLS for the name in the request's Host, which is not the proxy's.
    const tlsOptions = { ...agentOptions, servername: serverNameOf(options) };
    this.#agent = proxyProtocol(options) === "https" ? new HttpsAgent(tlsOptions) : new HttpAgent(agentOptions);
    this.#inner = createClient(this.#agent);
    this.#credentials = proxyCredentials(options);
    this.#speaksTls = tlsProbe(options);
    this.client = {
      getClientName: () => this.#inner.getClientName(),
      makeRequest: (...request) => this.#forward(request),
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  async #forward(request: RequestParts): Promise<SdkHttpResponse> {
    const [host, port, path, method, , , protocol] = request;
    const target = authorityOf(host, port);
    const url = new URL(`${protocol}://${target}`).origin + path;
    const login = this.#credentials.begin({ method, uri: url });
    let { authorization } = login;
    for (;;) {
      const response = await this.#send(request, url, authorization);
      this.#hasAnswered = true;
      const answer = answerOf(response);
      if (answer.status !== 407) {
        login.accepted();
        if (!isProxysOwn(answer)) return response;
        throw this.#failure(readProxyAnswer(answer, target), { mayHaveArrived: !isNeverForwarded(answer) });
      }
      await drained(response);
      authorization = login.answer(headerText(answer.headers, "proxy-authenticate"));
      if (authorization === undefined) throw this.#failure(readProxyAnswer(answer, target));
    }
  }

  async #send(request: RequestParts, url: string, authorization: string | undefined): Promise<SdkHttpResponse> {
    const [, , , method, headers, body, , timeout] = request;
    const host = bareHost(this.#options.host);
    const port = String(this.#options.port);
    const login = authorization === undefined ? {} : { "Proxy-Authorization": asHeader(authorization) };
    const sent = { ...headers, Host: new URL(url).host, ...login };
    const protocol = proxyProtocol(this.#options);
    try {
      return await this.#inner.makeRequest(host, port, url, method, sent, asBytes(body), protocol, timeout);
    } catch (error) {
      throw await this.#connectionError(error);
    }
  }

  async #connectionError(error: unknown): Promise<unknown> {
    const problem = readConnectError(error);
    if (problem !== undefined) return this.#failure(problem, { cause: error });
    if (await this.#isTlsMissing(error)) return this.#failure({ kind: "speaks-tls" }, { cause: error });
    const systemCode = systemCodeOf(error);
    if (systemCode !== "ECONNRESET" && systemCode !== "EPIPE") return error;
    return this.#failure({ kind: "closed", systemCode }, { cause: error, mayHaveArrived: true });
  }

  /** A port of TLS answers a plain request with an alert, or closes the connection. */
  async #isTlsMissing(error: unknown): Promise<boolean> {
    if (proxyProtocol(this.#options) === "https" || this.#hasAnswered || this.#isClosed) return false;
    return isTlsAlert(error) || (systemCodeOf(error) === "ECONNRESET" && (await this.#speaksTls()));
  }

  #failure(problem: ProxyProblem, parts: { readonly cause?: unknown; readonly mayHaveArrived?: boolean } = {}) {
    return new ProxyFailure({ proxy: this.#options, problem, mayHaveArrived: false, ...parts });
  }
}

function answerOf(response: SdkHttpResponse): ProxyAnswer {
  const raw: unknown = response.getRawResponse();
  const statusText = raw instanceof IncomingMessage ? (raw.statusMessage ?? "") : "";
  return { status: response.getStatusCode(), statusText, headers: response.getHeaders() };
}

/** Whatever Stripe answers has an id, and is JSON. */
function isProxysOwn({ status, headers }: ProxyAnswer): boolean {
  if (status < 400 || headerText(headers, "request-id") !== "") return false;
  return headerText(headers, "x-squid-error") !== "" || !/json/i.test(headerText(headers, "content-type"));
}

/** Squid tells where it had no connection to pass a request on. A refusal (403) may be of Stripe's answer. */
function isNeverForwarded({ headers }: ProxyAnswer): boolean {
  return /^ERR_(CONNECT_FAIL|DNS_FAIL|SECURE_CONNECT_FAIL)\b/.test(headerText(headers, "x-squid-error"));
}

/** The connection serves again once the answer is read. How the reading ends is no matter: the status is known. */
function drained(response: SdkHttpResponse): Promise<void> {
  const raw: unknown = response.getRawResponse();
  if (!(raw instanceof IncomingMessage)) return Promise.resolve();
  return new Promise((resolve) => {
    finished(raw.resume(), () => resolve());
  });
}

/** Node writes a header a byte a character, and this one is to be UTF-8. */
function asHeader(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Node writes the header together with a body of text, and in the encoding of the text, but with one of bytes. */
function asBytes(body: string): string {
  // The SDK hands it on to Node as it is.
  return Buffer.from(body, "utf8") as unknown as string;
}

/** What Node could not read as HTTP begins with a record of this type. Source: RFC 8446, 5.1 */
function isTlsAlert(error: unknown): boolean {
  const read: unknown = error instanceof Error && "rawPacket" in error ? error.rawPacket : undefined;
  return read instanceof Uint8Array && read[0] === 0x15;
}
