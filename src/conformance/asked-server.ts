import type { Endpoint, HttpMethod } from "../catalog/catalog.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { RequestScope } from "../stripe/request-scope.js";
import type { RequestSender } from "../stripe/stripe-client.js";
import type { JsonObject } from "../value/json.js";

/** What came back: an object, or Stripe's refusal. */
export type ServerAnswer =
  | { readonly kind: "object"; readonly object: JsonObject }
  | { readonly kind: "refused"; readonly status: number; readonly code: string | undefined; readonly message: string };

export interface Question {
  readonly method: HttpMethod;
  readonly path: string;
  readonly parameters?: JsonObject;
  readonly idempotencyKey?: string;
  readonly apiBase?: Endpoint["apiBase"];
}

/** Asks the server itself, past our own planning, so that its answers can be judged. */
export class AskedServer {
  readonly #sender: RequestSender;
  readonly #scope: RequestScope;

  constructor(sender: RequestSender, scope: RequestScope) {
    this.#sender = sender;
    this.#scope = scope;
  }

  /** Requests left before MaxRequests. */
  get room(): number {
    return (this.#scope.maxRequests ?? Number.POSITIVE_INFINITY) - this.#scope.count;
  }

  /** What is no answer of Stripe's is thrown: a lost connection, too many requests, a wrong key. */
  async ask({ parameters = {}, method, ...question }: Question): Promise<ServerAnswer> {
    const budget = method === "GET" ? "read" : "write";
    try {
      const object = await this.#sender.request({ ...question, method, parameters, budget }, this.#scope);
      return { kind: "object", object };
    } catch (error) {
      const refusal = error instanceof StripeSqlError ? refusalOf(error) : undefined;
      if (refusal === undefined) throw error;
      return refusal;
    }
  }

  get(path: string, parameters: JsonObject = {}): Promise<ServerAnswer> {
    return this.ask({ method: "GET", path, parameters });
  }

  post(path: string, parameters: JsonObject = {}, idempotencyKey?: string): Promise<ServerAnswer> {
    return this.ask({ method: "POST", path, parameters, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  }
}

function refusalOf({ stripe, message }: StripeSqlError): ServerAnswer | undefined {
  const { status, code, type } = stripe;
  if (status === undefined || status === 401 || status === 429 || status >= 500) return undefined;
  return { kind: "refused", status, code: code ?? type, message };
}

export function answerText(answer: ServerAnswer): string {
  if (answer.kind === "object") return `an object ${String(answer.object["id"] ?? "without an id")}`;
  return `${answer.status} ${answer.code ?? ""}`.trim();
}
