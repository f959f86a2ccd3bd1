import { isLoopback } from "../stripe/is-loopback.js";

/** True for a host's name or address to which only programs of this machine can connect. */
export function isLoopbackHost(host: string): boolean {
  const url = `http://${host.includes(":") ? `[${host}]` : host}`;
  return URL.canParse(url) && isLoopback(url);
}
