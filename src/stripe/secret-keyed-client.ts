import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { JsonObject } from "../value/json.js";
import { canceledError } from "./canceled-error.js";
import type { RequestScope } from "./request-scope.js";
import { unfitSecret } from "./secret-failure.js";
import type { SecretSource } from "./secret-source.js";
import type { StripeClient, StripeRequest } from "./stripe-client.js";

export interface SecretKeyedClientOptions {
  /** "projects/P/secrets/S/versions/V", whose value is the key. */
  readonly secretName: string;
  readonly secrets: SecretSource;
  readonly open: (apiKey: string) => Promise<StripeClient>;
}

/** A client that holds the key which it was opened with. */
interface Keyed {
  readonly apiKey: string;
  readonly client: StripeClient;
}

/**
 * A client whose key is a secret, read when the first request is sent. A secret may be changed while it is in use:
 * where Stripe answers 401 it is read again, and if it is another one now, the request is sent with it, once.
 */
export class SecretKeyedClient {
  readonly #options: SecretKeyedClientOptions;
  readonly #opened: StripeClient[] = [];
  #current: Promise<Keyed> | undefined;
  #apiKey: string | undefined;
  #isRenewing = false;

  constructor(options: SecretKeyedClientOptions) {
    this.#options = options;
  }

  /** Undefined until the secret has been read. */
  get apiKey(): string | undefined {
    return this.#apiKey;
  }

  async request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    const used = await this.#keyed(scope);
    try {
      return await used.client.request(request, scope);
    } catch (error) {
      if (!isKeyRefused(error)) throw error;
      const renewed = await this.#renewed(used, scope);
      if (renewed.apiKey === used.apiKey) throw error;
      return renewed.client.request(request, scope);
    }
  }

  async close(): Promise<void> {
    for (const client of this.#opened.splice(0)) await client.close();
    await this.#options.secrets.close();
  }

  async #keyed(scope: RequestScope): Promise<Keyed> {
    const apiKey = await this.#readKey(scope);
    // Nothing is awaited between the look and the change, so that requests side by side share one client.
    if (this.#current === undefined || this.#apiKey !== apiKey) {
      this.#apiKey = apiKey;
      this.#current = this.#open(apiKey);
    }
    return this.#current;
  }

  async #open(apiKey: string): Promise<Keyed> {
    const client = await this.#options.open(apiKey);
    this.#opened.push(client);
    return { apiKey, client };
  }

  /** Of requests that are refused side by side, the first has the secret read again, and the others wait for it. */
  async #renewed(refused: Keyed, scope: RequestScope): Promise<Keyed> {
    if (this.#isRenewing || this.#apiKey !== refused.apiKey) return this.#keyed(scope);
    this.#isRenewing = true;
    this.#options.secrets.forget(this.#options.secretName);
    try {
      return await this.#keyed(scope);
    } finally {
      this.#isRenewing = false;
    }
  }

  async #readKey(scope: RequestScope): Promise<string> {
    const { secrets, secretName } = this.#options;
    const value = await secrets.read(secretName, scope.signal).catch((error: unknown) => {
      if (scope.signal?.aborted === true) throw canceledError("statement", undefined);
      throw error;
    });
    if (/^[\x21-\x7e]{1,255}$/.test(value) && !value.startsWith("pk_")) return value;
    secrets.forget(secretName);
    throw unfitSecret(secretName);
  }
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof StripeSqlError && error.stripe.status === 401;
}
