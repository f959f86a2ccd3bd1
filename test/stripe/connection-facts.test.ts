import type { AddressInfo } from "node:net";
import { connect as connectPlain, createServer as createPlainServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import { connectionFacts } from "../../src/stripe/connection-facts.js";
import { openStripeClient } from "../../src/stripe/open-stripe-client.js";
import { errorOf, freshScope, testKey } from "../support/scripted-client.js";
import { selfSignedCertificate } from "../support/self-signed-certificate.js";

const loopback = "127.0.0.1";

test("a connection over TLS tells protocol, cipher and whose certificate it is", async () => {
  const server = createServer(selfSignedCertificate("stripe.example"));
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const { port } = server.address() as AddressInfo;
  const socket = await new Promise<TLSSocket>((resolve) => {
    const opened = connect({ host: loopback, port, rejectUnauthorized: false }, () => resolve(opened));
  });
  const facts = connectionFacts(socket);
  socket.destroy();
  server.close();
  expect(facts).toMatchObject({
    remote: `${loopback}:${port}`,
    tls: {
      protocol: "TLSv1.3",
      cipher: expect.stringContaining("TLS_"),
      subject: "CN=stripe.example",
      issuer: "CN=stripe.example",
      validTo: "Dec 31 23:59:59 2036 GMT",
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    },
  });
});

test("a plain connection has no certificate", async () => {
  const server = createPlainServer();
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connectPlain(port, loopback);
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const facts = connectionFacts(socket);
  socket.destroy();
  server.close();
  expect(facts).toEqual({ local: expect.stringContaining(loopback), remote: `${loopback}:${port}`, tls: undefined });
});

test("a certificate that is not trusted is the reason that an observer is told", async () => {
  const server = createServer(selfSignedCertificate("stripe.example"));
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const { port } = server.address() as AddressInfo;
  const reasons: string[] = [];
  const client = await openStripeClient({
    apiKey: testKey,
    apiBase: `https://${loopback}:${port}`,
    observer: {
      sent: () => undefined,
      answered: () => undefined,
      exchanges: {
        sending: () => undefined,
        received: () => undefined,
        broken: ({ reason }) => void reasons.push(reason),
      },
    },
  });
  const get = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
  const error = await errorOf(client.request(get, freshScope()));
  await client.close();
  server.close();
  expect(error.sqlState).toBe("08006");
  expect(reasons).toEqual([expect.stringContaining("self-signed certificate")]);
});
