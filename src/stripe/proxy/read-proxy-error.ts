import { connect } from "node:tls";
import type { ProxyProblem } from "./proxy-failure.js";
import type { ProxyOptions } from "./proxy-options.js";
import { bareHost, serverNameOf } from "./proxy-options.js";

/** Fields that Node gives its errors. */
interface SystemErrorShape {
  readonly message?: string;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly reason?: unknown;
}

const unreachableCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|EADDRNOTAVAIL)/;
const tlsCodes = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** As OpenSSL names what is not TLS. */
const notTls =
  /wrong[_ ]version[_ ]number|packet[_ ]length[_ ]too[_ ]long|record[_ ]layer[_ ]failure|unknown[_ ]protocol/i;
/** The reasons why a certificate is not trusted. Source: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCodes = /^(?!ERR_SSL_)(.*CERT|.*CRL|INVALID_|PATH_LENGTH_|HOSTNAME_MISMATCH|UNABLE_TO_)/;

/** What kept the connection to the proxy from being made; undefined where an error tells of something later. */
export function readConnectError(error: unknown): ProxyProblem | undefined {
  const { message = "", code, syscall, reason }: SystemErrorShape = error instanceof Error ? error : {};
  const systemCode = typeof code === "string" ? code : undefined;
  const said = typeof reason === "string" ? reason : message;
  if (systemCode === undefined) return undefined;
  if (certificateCodes.test(systemCode)) return { kind: "untrusted", systemCode, reason: said };
  if (tlsCodes.test(systemCode)) {
    return notTls.test(`${systemCode} ${said}`)
      ? { kind: "speaks-plain", systemCode }
      : { kind: "handshake", reason: said };
  }
  const isUnreachable = unreachableCodes.test(systemCode) || syscall === "connect" || syscall === "getaddrinfo";
  return isUnreachable ? { kind: "unreachable", systemCode } : undefined;
}

export function systemCodeOf(error: unknown): string | undefined {
  const { code }: SystemErrorShape = error instanceof Error ? error : {};
  return typeof code === "string" ? code : undefined;
}

const probeTimeoutMs = 3_000;

/**
 * Asks, when first called, whether the proxy's port speaks TLS: one that does closes a plain connection without a
 * word. Nothing is sent beyond the handshake, so a certificate that is not trusted is an answer too.
 */
export function tlsProbe(proxy: ProxyOptions): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => {
    answer ??= speaksTls(proxy);
    return answer;
  };
}

function speaksTls(proxy: ProxyOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: bareHost(proxy.host), port: proxy.port, servername: serverNameOf(proxy) });
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), probeTimeoutMs);
    socket.once("secureConnect", () => end(true));
    socket.once("error", (error) => end(readConnectError(error)?.kind === "untrusted"));
  });
}
