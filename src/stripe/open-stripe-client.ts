import { defaultApiBase } from "./default-api-base.js";
import { openHttpClient } from "./http-client.js";
import type { Route, RouteOptions } from "./http-route.js";
import { directRoute } from "./http-route.js";
import { loadSdk } from "./load-sdk.js";
import type { ProxyOptions } from "./proxy/proxy-options.js";
import { bareHost } from "./proxy/proxy-options.js";
import { SdkStripeClient } from "./sdk-stripe-client.js";
import type { StripeClient, StripeClientOptions } from "./stripe-client.js";

const defaultTimeoutMs = 80_000;

/** Loads the Stripe SDK, which takes about 0.1 s the first time; sends nothing. */
export async function openStripeClient(options: StripeClientOptions): Promise<StripeClient> {
  const StripeSdk = await loadSdk(options.sdkVersion);
  const base = new URL(options.apiBase ?? defaultApiBase);
  const protocol = base.protocol === "http:" ? "http" : "https";
  const { timeoutMs = defaultTimeoutMs } = options;
  const route = await openRoute({ createClient: StripeSdk.createNodeHttpClient, protocol, timeoutMs }, options.proxy);
  const http = openHttpClient(route, options.observer?.exchanges);
  const sdk = new StripeSdk(options.apiKey, {
    host: bareHost(base.hostname),
    port: base.port === "" ? { http: 80, https: 443 }[protocol] : base.port,
    protocol,
    httpClient: http.sdkClient,
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    appInfo: { name: "stripe-sql" },
  });
  return new SdkStripeClient({ sdk, http, apiBase: base.origin, options });
}

async function openRoute(options: RouteOptions, proxy: ProxyOptions | undefined): Promise<Route> {
  if (proxy === undefined) return directRoute(options);
  const { proxyRoute } = await import("./proxy/proxy-route.js");
  return proxyRoute(options, proxy);
}
