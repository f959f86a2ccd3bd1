import { EventEmitter } from "node:events";
import type { AgentOptions, ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { checkServerIdentity } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { FailedSocket } from "./failed-socket.js";
import type { ProxyHeaders } from "./proxy-answer.js";
import { headerText, readProxyAnswer } from "./proxy-answer.js";
import type { ProxyCredentials, ProxyLogin } from "./proxy-credentials.js";
import type { ProxyProblem } from "./proxy-failure.js";
import { ProxyFailure } from "./proxy-failure.js";
import type { ProxyOptions } from "./proxy-options.js";
import { authorityOf, proxyAddress, proxyProtocol, serverNameOf } from "./proxy-options.js";
import { readConnectError, systemCodeOf, tlsProbe } from "./read-proxy-error.js";

export interface TunnelParts {
  readonly proxy: ProxyOptions;
  readonly credentials: ProxyCredentials;
  /** True where TLS with the server goes through the tunnel. */
  readonly isSecure: boolean;
  /** For all that comes before the tunnel is through. */
  readonly timeoutMs: number;
  readonly agentOptions: AgentOptions;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/** A tunnel on its way. */
interface Dig {
  readonly target: string;
  readonly login: ProxyLogin;
  readonly signal: AbortSignal;
  /** The proxy's last answer to a CONNECT; undefined where none came since the last one was sent. */
  answer: ConnectAnswer | undefined;
}

interface ConnectAnswer {
  readonly statusCode: number;
  readonly statusText: string;
  readonly headers: ProxyHeaders;
}

/** A pool of connections through tunnels, each of them dug by an agent of its own, with a login of its own. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #parts: TunnelParts;
  readonly #digging = new Set<AbortController>();
  readonly #speaksTls: () => Promise<boolean>;
  #isClosed = false;

  constructor(parts: TunnelParts) {
    super(new URL(`${proxyProtocol(parts.proxy)}://${proxyAddress(parts.proxy)}`), parts.agentOptions);
    this.#parts = parts;
    this.#speaksTls = tlsProbe(parts.proxy);
  }

  /** Else the stack decides, which for a request from the queue says nothing: it would go without TLS. */
  override isSecureEndpoint(): boolean {
    return this.#parts.isSecure;
  }

  /** The request is not of interest: where several connections end, the agent names one for all that take their place. */
  override async connect(_request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const giveUp = new AbortController();
    if (this.#isClosed) giveUp.abort();
    const timer = setTimeout(() => giveUp.abort(), this.#parts.timeoutMs);
    this.#digging.add(giveUp);
    const target = authorityOf(options.host ?? "", options.port);
    const login = this.#parts.credentials.begin({ method: "CONNECT", uri: target });
    const dig: Dig = { target, login, signal: giveUp.signal, answer: undefined };
    try {
      return await this.#dig(dig, options);
    } catch (error) {
      return new FailedSocket(await this.#failure(dig, error));
    } finally {
      clearTimeout(timer);
      this.#digging.delete(giveUp);
    }
  }

  /** Ends tunnels that are not through yet, too. */
  override destroy(): void {
    this.#isClosed = true;
    for (const giveUp of this.#digging) giveUp.abort();
    super.destroy();
  }

  async #dig(dig: Dig, options: ConnectOptions): Promise<Socket> {
    // The library would have a refusal of the proxy's look like an answer to the request, when this is given a socket.
    const noRequest = new EventEmitter() as ClientRequest;
    const socket = await this.#digger(dig).connect(noRequest, checkedByHost(options));
    if (dig.answer?.statusCode !== 200) throw this.#refusal(dig);
    dig.login.accepted();
    // The library stopped the flow to read the proxy's answer; by then a request listens.
    setImmediate(() => socket.resume());
    return socket;
  }

  #digger(dig: Dig): HttpsProxyAgent<string> {
    const { proxy } = this.#parts;
    const { authorization } = dig.login;
    const digger = new HttpsProxyAgent(this.proxy, {
      headers: {
        "Proxy-Connection": "Keep-Alive",
        ...(authorization === undefined ? {} : { "Proxy-Authorization": authorization }),
      },
      signal: dig.signal,
      servername: serverNameOf(proxy),
      onProxyAuth: async () => {
        const answer = dig.login.answer(headerText(dig.answer?.headers ?? {}, "proxy-authenticate"));
        if (answer === undefined) throw this.#refusal(dig);
        dig.answer = undefined;
        return { headers: { "Proxy-Authorization": answer } };
      },
    });
    digger.on("proxyConnect", (answer: ConnectAnswer) => {
      dig.answer = answer;
    });
    return digger;
  }

  #refusal({ answer, target }: Dig): ProxyFailure {
    const { statusCode: status = 0, statusText = "", headers = {} } = answer ?? {};
    return this.#proxyFailure(readProxyAnswer({ status, statusText, headers }, target));
  }

  async #failure(dig: Dig, error: unknown): Promise<ProxyFailure> {
    if (error instanceof ProxyFailure) return error;
    if (dig.answer !== undefined && dig.answer.statusCode !== 200) return this.#refusal(dig);
    if (dig.signal.aborted) return this.#proxyFailure({ kind: "silent" });
    return this.#proxyFailure(readConnectError(error) ?? (await this.#closedProblem(error)), error);
  }

  async #closedProblem(error: unknown): Promise<ProxyProblem> {
    const isPlain = proxyProtocol(this.#parts.proxy) === "http";
    if (isPlain && !this.#isClosed && (await this.#speaksTls())) return { kind: "speaks-tls" };
    return { kind: "closed", systemCode: systemCodeOf(error) };
  }

  /** Nothing goes to the server before the tunnel is through. */
  #proxyFailure(problem: ProxyProblem, cause?: unknown): ProxyFailure {
    return new ProxyFailure({ proxy: this.#parts.proxy, problem, mayHaveArrived: false, cause });
  }
}

/** Else Node would check the certificate of a server that is given by its address against the proxy's name. */
function checkedByHost(options: ConnectOptions): ConnectOptions {
  if (!options.secureEndpoint) return options;
  const { host = "" } = options;
  return { ...options, checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) };
}
