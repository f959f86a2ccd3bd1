import { setMaxListeners } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { accountOf } from "./access-check.js";
import type { SandboxWorld } from "./account-state.js";
import type { Dispatcher, RequestTarget } from "./dispatcher.js";
import type { ArmedFaults } from "./fault-injector.js";
import type { Answer, KeyedRequest } from "./idempotency-ledger.js";
import { IdempotencyLedger } from "./idempotency-ledger.js";
import type { InboundRequest } from "./inbound-request.js";
import { readInbound } from "./inbound-request.js";
import type { RateLimiter } from "./rate-limiter.js";
import { invalidRequest } from "./refusals.js";
import type { KeptRequestLog } from "./request-log.js";
import type { Fault } from "./sandbox.js";
import { StripeFailure } from "./stripe-failure.js";

export interface ServerParts {
  readonly world: SandboxWorld;
  readonly dispatcher: Dispatcher;
  readonly apiKey: string;
  readonly latencyMs: number;
  readonly limiter: RateLimiter | undefined;
  readonly faults: ArmedFaults;
  readonly log: KeptRequestLog;
}

type Effect<Kind extends Fault["effect"]["kind"]> = Extract<Fault["effect"], { kind: Kind }>;

/** Stripe's API over HTTP on the loopback interface. */
export class SandboxServer {
  readonly #parts: ServerParts;
  readonly #ledger: IdempotencyLedger;
  readonly #server: Server;
  readonly #closing = new AbortController();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const { store, nowSeconds } = parts.world;
    this.#ledger = new IdempotencyLedger(nowSeconds, {
      read: (slot) => store.readFact(`answer ${slot}`),
      write: (slot, text) => store.writeFact(`answer ${slot}`, text),
    });
    this.#server = createServer((message, response) => {
      this.#serve(message, response).catch((error: unknown) => this.#abandon(response, error));
    });
    this.#server.keepAliveTimeout = 60_000;
    // Each request that is held back waits for it: many are no leak, and no warning is due.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Starts to listen; the answer is the port. Where it does not keep the process, that ends though this listens. */
  listen(port: number, keepsProcess: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      // Exclusive, as a replica of node:cluster would share the port, and the requests, with its like.
      this.#server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        this.#server.off("error", reject);
        // Whoever waits for an answer keeps the process by its own socket.
        if (!keepsProcess) this.#server.unref().on("connection", (socket) => socket.unref());
        // A listening TCP server's address is never a pipe's name.
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    this.#closing.abort();
    return new Promise((resolve, reject) => {
      this.#server.close((error) => (error === undefined ? resolve() : reject(error)));
      this.#server.closeAllConnections();
    });
  }

  /** A client that went away, or the end of the sandbox, leaves nothing to answer. */
  #abandon(response: ServerResponse, error: unknown): void {
    response.destroy();
    const isOver = this.#closing.signal.aborted || (error instanceof Error && "code" in error);
    if (!isOver) throw error;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readInbound(message, await readBody(message));
    const requestId = `req_${this.#parts.world.random.text(14)}`;
    const effects = this.#parts.faults.strike(request.method, request.path);
    if (effects.some(({ kind }) => kind === "disconnect")) {
      this.#parts.log.add(logged(request, 0));
      response.destroy();
      return;
    }
    dieIf(effects, "before");
    for (const effect of effects) if (effect.kind === "delay") await this.#pause(effect.milliseconds);
    const answer = rewritten(effects, await this.#answer(request, requestId, effects));
    this.#parts.log.add(logged(request, answer.status));
    dieIf(effects, "after");
    if (effects.some(({ kind }) => kind === "lose-reply")) response.destroy();
    else if (effects.every(({ kind }) => kind !== "stall"))
      this.#send(response, { answer, effects, common: this.#commonHeaders(request, requestId) });
  }

  async #answer(request: InboundRequest, requestId: string, effects: readonly Fault["effect"][]): Promise<Answer> {
    const injected = effects.find((effect): effect is Effect<"status"> => effect.kind === "status");
    if (injected !== undefined) return injectedAnswer(injected);
    try {
      this.#parts.limiter?.admit();
      checkVersion(this.#parts.world, request);
      const account = accountOf(this.#parts.world, this.#parts.apiKey, request);
      const match = this.#parts.dispatcher.route(request);
      return await this.#once(request, { account, match, requestId }, effects);
    } catch (failure) {
      return failureAnswer(failure, requestId);
    }
  }

  /** A request with an idempotency key is carried out once; a repetition gets the first answer. */
  async #once(request: InboundRequest, target: RequestTarget, effects: readonly Fault["effect"][]): Promise<Answer> {
    const keyed = keyedRequest(request, target.account);
    if (keyed === undefined) return this.#carryOut(request, target, () => dieIf(effects, "during"));
    this.#parts.dispatcher.validate(request, target.match);
    const header = { "Idempotency-Key": keyed.key };
    const kept = this.#ledger.begin(keyed);
    if (kept !== undefined) return { ...kept, headers: { ...kept.headers, ...header, "Idempotent-Replayed": "true" } };
    try {
      // What is changed and the answer to it are kept together.
      const keep = (done: Answer): void => {
        this.#ledger.settle(keyed, done);
        dieIf(effects, "during");
      };
      const answer = await this.#carryOut(request, target, keep).catch((failure) => {
        const refusal = failureAnswer(failure, target.requestId);
        this.#ledger.settle(keyed, refusal);
        return refusal;
      });
      return { ...answer, headers: { ...answer.headers, ...header } };
    } catch (failure) {
      this.#ledger.settle(keyed, undefined);
      throw failure;
    }
  }

  /** @param keep Called with the answer before what was changed is kept. */
  async #carryOut(request: InboundRequest, target: RequestTarget, keep: (answer: Answer) => void): Promise<Answer> {
    if (this.#parts.latencyMs > 0) await this.#pause(this.#parts.latencyMs);
    return carryOutAtomically(this.#parts, { request, target, keep });
  }

  #pause(milliseconds: number): Promise<void> {
    return wait(milliseconds, undefined, { signal: this.#closing.signal });
  }

  #commonHeaders({ apiVersion }: InboundRequest, requestId: string): Readonly<Record<string, string>> {
    return { "Request-Id": requestId, "Stripe-Version": apiVersion ?? this.#parts.world.apiVersion };
  }

  #send(response: ServerResponse, { answer, effects, common: headers }: SentAnswer): void {
    const garbled = effects.find((effect): effect is Effect<"garble"> => effect.kind === "garble");
    const body = Buffer.from(garbled?.body ?? answer.body);
    response.writeHead(garbled === undefined ? answer.status : 200, {
      "Content-Type": "application/json",
      "Content-Length": body.length,
      ...headers,
      ...answer.headers,
    });
    const trickle = effects.find((effect): effect is Effect<"trickle"> => effect.kind === "trickle");
    if (effects.some(({ kind }) => kind === "truncate")) {
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    } else if (isDeath(effects, "mid-answer")) {
      response.write(body.subarray(0, body.length / 2), () => dieIf(effects, "mid-answer"));
    } else if (trickle === undefined) response.end(body);
    else sendSlowly(response, body, trickle.milliseconds);
  }
}

interface SentAnswer {
  readonly answer: Answer;
  readonly effects: readonly Fault["effect"][];
  readonly common: Readonly<Record<string, string>>;
}

function sendSlowly(response: ServerResponse, body: Buffer, milliseconds: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1));
    sent += 1;
    if (sent >= body.length) response.end();
  }, milliseconds);
  // Its own end, that of the sandbox, and a client that has gone.
  response.once("close", () => clearInterval(timer));
}

/** The sandbox speaks one version; API v2 has none by default. Source: https://docs.stripe.com/api-v2-overview */
function checkVersion({ apiVersion }: SandboxWorld, request: InboundRequest): void {
  const asked = request.apiVersion;
  if (asked === undefined && request.path.startsWith("/v2/"))
    throw invalidRequest("API v2 needs the header Stripe-Version in every request.");
  if (asked !== undefined && asked !== apiVersion)
    throw invalidRequest(`Invalid Stripe API version: ${asked}. This sandbox answers as of ${apiVersion}.`);
}

/** Keys are for POST, and in API v2 for DELETE; elsewhere they have no effect. */
function keyedRequest(request: InboundRequest, account: string): KeyedRequest | undefined {
  const { idempotencyKey: key, method, path, queryText, body } = request;
  const version = path.startsWith("/v2/") ? "v2" : "v1";
  const takesKeys = method === "POST" || (method === "DELETE" && version === "v2");
  if (key === undefined || !takesKeys) return undefined;
  return { account, key, version, fingerprint: [method, path, queryText, body].join("\n") };
}

/** A refusal undoes what was written, unless the failure itself is what happened (a declined card). */
function carryOutAtomically(parts: ServerParts, { request, target, keep }: Carrying): Answer {
  return parts.world.store.transaction(() => {
    const answer = carriedOut(parts, request, target);
    keep(answer);
    return answer;
  });
}

interface Carrying {
  readonly request: InboundRequest;
  readonly target: RequestTarget;
  readonly keep: (answer: Answer) => void;
}

function carriedOut(parts: ServerParts, request: InboundRequest, target: RequestTarget): Answer {
  try {
    return parts.dispatcher.carryOut(request, target);
  } catch (failure) {
    if (failure instanceof StripeFailure && failure.keepsState) return failureAnswer(failure, target.requestId);
    throw failure;
  }
}

function isDeath(effects: readonly Fault["effect"][], at: Effect<"die">["at"]): boolean {
  return effects.some((effect) => effect.kind === "die" && effect.at === at);
}

/** As a machine's failure would, it leaves nobody time to say anything. */
function dieIf(effects: readonly Fault["effect"][], at: Effect<"die">["at"]): void {
  if (isDeath(effects, at)) process.kill(process.pid, "SIGKILL");
}

function failureAnswer(failure: unknown, requestId: string): Answer {
  if (failure instanceof StripeFailure) {
    return { status: failure.status, body: JSON.stringify(failure.envelope(requestId)), headers: failure.headers };
  }
  if (failure instanceof Error && failure.name === "AbortError") throw failure;
  const message = failure instanceof Error ? failure.message : String(failure);
  const body = { error: { message: `The sandbox failed: ${message}`, type: "api_error" } };
  return { status: 500, body: JSON.stringify(body), headers: {} };
}

function injectedAnswer({ status, body, headers }: Effect<"status">): Answer {
  const standard = {
    error: { message: `Injected fault ${status}`, type: status >= 500 ? "api_error" : "invalid_request_error" },
  };
  return { status, body: typeof body === "string" ? body : JSON.stringify(body ?? standard), headers: headers ?? {} };
}

function rewritten(effects: readonly Fault["effect"][], answer: Answer): Answer {
  let { body } = answer;
  const isText = effects.some((effect) => effect.kind === "status" && typeof effect.body === "string");
  if (isText) return answer;
  for (const effect of effects) if (effect.kind === "rewrite") body = JSON.stringify(effect.rewrite(JSON.parse(body)));
  return body === answer.body ? answer : { ...answer, body };
}

function logged(request: InboundRequest, status: number) {
  const { method, path, query, body, idempotencyKey, account } = request;
  return { method, path, query, body, status, idempotencyKey, account };
}

async function readBody(message: IncomingMessage): Promise<string> {
  if (message.method === "GET") return "";
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
