import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type Stripe from "stripe";
import type { ProxyUse } from "./connection-facts.js";

export type SdkHttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
export type SdkHttpResponse = Awaited<ReturnType<SdkHttpClient["makeRequest"]>>;

/** The way that requests take, with its pool of connections. */
export interface Route {
  readonly client: SdkHttpClient;
  /** Undefined where there is none on the way. */
  readonly proxy: ProxyUse | undefined;
  /** Ends every connection, those with a request under way too. */
  close(): void;
}

export interface RouteOptions {
  readonly createClient: typeof Stripe.createNodeHttpClient;
  readonly protocol: "http" | "https";
  readonly timeoutMs: number;
}

/** Stripe limits requests under way at once too, without publishing how many; this many also saturate its rate. */
export const agentOptions = { keepAlive: true, maxSockets: 24 };

/** Without a proxy. */
export function directRoute({ createClient, protocol }: RouteOptions): Route {
  const agent = protocol === "http" ? new HttpAgent(agentOptions) : new HttpsAgent(agentOptions);
  return { client: createClient(agent), proxy: undefined, close: () => agent.destroy() };
}
