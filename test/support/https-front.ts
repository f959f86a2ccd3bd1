import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SelfSigned } from "./self-signed-certificate.js";

/** A server of https that passes everything on to one of http. */
export interface HttpsFront {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHttpsFront(certificate: SelfSigned, target: string): Promise<HttpsFront> {
  const server = createServer(certificate, (incoming, answer) => {
    const { method, url = "/", headers } = incoming;
    const passed = request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
