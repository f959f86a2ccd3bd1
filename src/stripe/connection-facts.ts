import type { Socket } from "node:net";
import type { PeerCertificate } from "node:tls";
import { TLSSocket } from "node:tls";

/** What is known of a connection. */
export interface ConnectionFacts {
  /** "127.0.0.1:54321" */
  readonly local: string;
  readonly remote: string;
  /** Undefined for plain HTTP. */
  readonly tls: TlsFacts | undefined;
  /** Undefined where there is none on the way; else `remote` is the proxy's address. */
  readonly proxy: ProxyUse | undefined;
}

/** How a proxy is used. Of a tunnel's TLS, that with the server is told; of a forwarded request's, that with the proxy. */
export interface ProxyUse {
  /** "proxy.example:3128" */
  readonly address: string;
  readonly way: "tunnel" | "forward";
}

export interface TlsFacts {
  /** "TLSv1.3" */
  readonly protocol: string | null;
  readonly cipher: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
}

export function connectionFacts(socket: Socket, proxy?: ProxyUse): ConnectionFacts {
  return {
    local: `${socket.localAddress}:${socket.localPort}`,
    remote: `${socket.remoteAddress}:${socket.remotePort}`,
    tls: socket instanceof TLSSocket ? tlsFacts(socket) : undefined,
    proxy,
  };
}

function tlsFacts(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
    fingerprint: certificate.fingerprint256,
  };
}

/** "CN=api.stripe.com, O=Stripe"; empty where a resumed session brought no certificate. */
function distinguishedName(name: PeerCertificate["subject"] | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ");
}
