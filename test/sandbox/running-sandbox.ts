import Stripe from "stripe";
import { afterAll, beforeAll } from "vitest";
import type { Catalog } from "../../src/catalog/catalog.js";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.js";
import { startSandbox } from "../../src/sandbox/start-sandbox.js";
import { openCatalog } from "../../src/store/open-catalog.js";

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  readonly catalog: Catalog;
  /** A request past the SDK: what a careless client could send. */
  readonly raw: (method: string, path: string, options?: RawOptions) => Promise<RawAnswer>;
}

export interface RawOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly apiKey?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape, looked into by the test
  readonly json: any;
}

/** A sandbox for the tests of a file, with forty customers unless said otherwise. */
export function runSandbox(options: SandboxOptions = {}): RunningSandbox {
  let running: RunningSandbox | undefined;
  beforeAll(async () => {
    running = await openRunning(options);
  });
  afterAll(async () => {
    await running?.sandbox.close();
    running?.catalog.close();
  });
  const current = () => {
    if (running === undefined) throw new Error("the sandbox does not run yet");
    return running;
  };
  return {
    get sandbox() {
      return current().sandbox;
    },
    get stripe() {
      return current().stripe;
    },
    get catalog() {
      return current().catalog;
    },
    get raw() {
      return current().raw;
    },
  };
}

export async function openRunning(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const catalog = openCatalog();
  const sandbox = await startSandbox(catalog, { customers: 40, ...options });
  return { sandbox, catalog, stripe: stripeFor(sandbox), raw: rawFor(sandbox, catalog.apiVersion) };
}

export function stripeFor(sandbox: Sandbox, apiKey = sandbox.apiKey): Stripe {
  return new Stripe(apiKey, {
    host: "127.0.0.1",
    port: sandbox.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

function rawFor(sandbox: Sandbox, apiVersion: string): RunningSandbox["raw"] {
  return async (method, path, { body, headers, apiKey = sandbox.apiKey } = {}) => {
    const version: Record<string, string> = path.startsWith("/v2/") ? { "stripe-version": apiVersion } : {};
    const authorization: Record<string, string> = apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
    const form: Record<string, string> =
      body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { ...authorization, ...version, ...form, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, headers: answer.headers, json: await answer.json() };
  };
}

/** The error that a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}
