import type { Route, RouteOptions } from "../http-route.js";
import { agentOptions } from "../http-route.js";
import { ForwardingClient } from "./forwarding-client.js";
import { proxyCredentials } from "./proxy-credentials.js";
import type { ProxyOptions } from "./proxy-options.js";
import { isTunnelled, proxyAddress } from "./proxy-options.js";
import { TunnelAgent } from "./tunnel-agent.js";

/** Through a proxy, by tunnels or forwarded as `sslType` and the server's protocol have it. */
export function proxyRoute(options: RouteOptions, proxy: ProxyOptions): Route {
  if (!isTunnelled(proxy, options.protocol)) return new ForwardingClient(options, proxy);
  const agent = new TunnelAgent({
    proxy,
    credentials: proxyCredentials(proxy),
    isSecure: options.protocol === "https",
    timeoutMs: options.timeoutMs,
    agentOptions,
  });
  return {
    client: options.createClient(agent),
    proxy: { address: proxyAddress(proxy), way: "tunnel" },
    close: () => agent.destroy(),
  };
}
