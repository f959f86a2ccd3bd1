import { afterEach } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { openStripeClient } from "../../src/stripe/open-stripe-client.js";
import type { RequestScope, StripeClient, StripeClientOptions } from "../../src/stripe/stripe-client.js";
import { FakeClock } from "./fake-clock.js";
import type { Answer, RecordedRequest, ScriptedServer } from "./scripted-server.js";
import { startScriptedServer } from "./scripted-server.js";

export interface ScriptedClient {
  readonly server: ScriptedServer;
  readonly client: StripeClient;
  readonly clock: FakeClock;
}

export const testKey = "sk_test_scriptedkey123";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

/** The real client over a server that answers by script, on a clock that no one waits for. Both are closed after the test. */
export async function openScriptedClient(
  script: readonly Answer[] | ((request: RecordedRequest) => Answer),
  options: Partial<StripeClientOptions> = {},
): Promise<ScriptedClient> {
  const server = await startScriptedServer(script);
  const clock = new FakeClock();
  const client = await openStripeClient({ apiKey: testKey, apiBase: server.url, clock, random: () => 1, ...options });
  open.push(client, server);
  return { server, client, clock };
}

export function freshScope(parts: Partial<RequestScope> = {}): RequestScope {
  return { signal: undefined, maxRequests: undefined, count: 0, ...parts };
}

/** The StripeSqlError that the promise ends in; anything else fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<StripeSqlError> {
  const error: unknown = await promise.then(
    (value) => new Error(`No error, but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof StripeSqlError) return error;
  throw error;
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: "json", body, status, headers };
}

/** Stripe's error envelope. */
export function refusal(status: number, error: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return json({ error: { type: "invalid_request_error", message: "Refused", ...error } }, status, headers);
}
