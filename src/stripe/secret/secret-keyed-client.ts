import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { JsonObject } from "../../value/json.js";
import { throwIfCanceled } from "../canceled-error.js";
import { ProxyFailure } from "../proxy/proxy-failure.js";
import type { RequestScope } from "../request-scope.js";
import type { StripeClient, StripeRequest } from "../stripe-client.js";
import { unfitPassword, unfitSecret } from "./secret-failure.js";
import type { SecretSource } from "./secret-source.js";

/** As much of a client as is opened with a secret. */
type OpenedClient = Pick<StripeClient, "request" | "close">;

export interface SecretKeyedClientOptions {
  /** "projects/P/secrets/S/versions/V" */
  readonly secretName: string;
  /** What its value serves as. Default "apiKey". */
  readonly use?: "apiKey" | "proxyPassword";
  readonly secrets: SecretSource;
  readonly open: (secret: string) => Promise<OpenedClient>;
}

/** A client and the secret that it was opened with. */
interface Keyed {
  readonly secret: string;
  readonly client: OpenedClient;
}

/**
 * A client whose key, or whose proxy's password, is a secret, read when the first request is sent. A secret may be
 * changed while it is in use: where Stripe answers 401, or the proxy 407, it is read again, and if it is another one
 * now, the request is sent with it, once.
 */
export class SecretKeyedClient {
  readonly #options: SecretKeyedClientOptions;
  readonly #use: SecretUse;
  readonly #opened: OpenedClient[] = [];
  #current: Promise<Keyed> | undefined;
  #secret: string | undefined;
  #isRenewing = false;

  constructor(options: SecretKeyedClientOptions) {
    this.#options = options;
    this.#use = secretUses[options.use ?? "apiKey"];
  }

  /** Undefined until it has been read. */
  get secret(): string | undefined {
    return this.#secret;
  }

  async request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    const used = await this.#keyed(scope);
    try {
      return await used.client.request(request, scope);
    } catch (error) {
      if (!this.#use.isRefused(error)) throw error;
      const renewed = await this.#renewed(used, scope);
      if (renewed.secret === used.secret) throw error;
      return renewed.client.request(request, scope);
    }
  }

  async close(): Promise<void> {
    for (const client of this.#opened.splice(0)) await client.close();
    await this.#options.secrets.close();
  }

  async #keyed(scope: RequestScope): Promise<Keyed> {
    const secret = await this.#read(scope);
    // Nothing is awaited between the look and the change, so that requests side by side share one client.
    if (this.#current === undefined || this.#secret !== secret) {
      this.#secret = secret;
      this.#current = this.#open(secret);
    }
    return this.#current;
  }

  async #open(secret: string): Promise<Keyed> {
    const client = await this.#options.open(secret);
    this.#opened.push(client);
    return { secret, client };
  }

  /** Of requests that are refused side by side, the first has the secret read again, and the others wait for it. */
  async #renewed(refused: Keyed, scope: RequestScope): Promise<Keyed> {
    if (this.#isRenewing || this.#secret !== refused.secret) return this.#keyed(scope);
    this.#isRenewing = true;
    this.#options.secrets.forget(this.#options.secretName);
    try {
      return await this.#keyed(scope);
    } finally {
      this.#isRenewing = false;
    }
  }

  async #read(scope: RequestScope): Promise<string> {
    const { secrets, secretName } = this.#options;
    const value = await secrets.read(secretName, scope.signal).catch((error: unknown) => {
      throwIfCanceled(scope.signal);
      throw error;
    });
    if (this.#use.isFit(value)) return value;
    secrets.forget(secretName);
    throw this.#use.unfit(secretName);
  }
}

interface SecretUse {
  /** Whether a value can serve at all. */
  isFit(value: string): boolean;
  unfit(secretName: string): StripeSqlError;
  /** Whether a request failed for the secret's sake. */
  isRefused(error: unknown): boolean;
}

const secretUses: Readonly<Record<"apiKey" | "proxyPassword", SecretUse>> = {
  apiKey: {
    isFit: (value) => /^[\x21-\x7e]{1,255}$/.test(value) && !value.startsWith("pk_"),
    unfit: unfitSecret,
    isRefused: (error) => error instanceof StripeSqlError && error.stripe.status === 401,
  },
  proxyPassword: {
    isFit: (value) => !/[\p{Cc}\p{Cs}]/u.test(value),
    unfit: unfitPassword,
    isRefused: (error) =>
      error instanceof StripeSqlError &&
      error.cause instanceof ProxyFailure &&
      error.cause.problem.kind === "credentials",
  },
};
