import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import type { ProxyOptions } from "../../src/stripe/proxy/proxy-options.js";

/** A message for the proxy itself: a CONNECT, or a request that is to be forwarded. */
export interface ProxyMessage {
  readonly method: string;
  /** As it came: "stripe.test:443" of a CONNECT, else a whole URL. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type ProxyReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string;
    }
  /** Passes the bytes of a CONNECT on to the target. */
  | { readonly kind: "tunnel" }
  /** Lets the CONNECT through, and ends the tunnel with the first bytes that come. */
  | { readonly kind: "dead-end" }
  /** Something that is not HTTP. */
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "cut" }
  | { readonly kind: "silence" };

export interface ScriptedProxy {
  readonly port: number;
  readonly messages: readonly ProxyMessage[];
  /** The first byte of each dead end: 0x16 begins a handshake of TLS. */
  readonly firstBytes: readonly number[];
  /** Connections that are open. */
  readonly connections: number;
  /** Resolves when as many messages have been read. */
  received(count: number): Promise<void>;
  /** Resolves when no connection is left. */
  idle(): Promise<void>;
  options(parts?: Partial<ProxyOptions>): ProxyOptions;
  close(): Promise<void>;
}

/** Answers each message by the function. */
export async function startScriptedProxy(reply: (message: ProxyMessage) => ProxyReply): Promise<ScriptedProxy> {
  const messages: ProxyMessage[] = [];
  const firstBytes: number[] = [];
  const sockets = new Set<Socket>();
  let waiting: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];
  const tell = () => {
    for (const { resolve } of waiting.filter(({ isOver }) => isOver())) resolve();
    waiting = waiting.filter(({ isOver }) => !isOver());
  };
  const until = (isOver: () => boolean) =>
    isOver() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ isOver, resolve }));
  const record = async (incoming: IncomingMessage, body: string): Promise<ProxyReply> => {
    const message = { method: incoming.method ?? "", target: incoming.url ?? "", headers: incoming.headers, body };
    messages.push(message);
    tell();
    return reply(message);
  };
  const server = createServer();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      tell();
    });
  });
  server.on("request", async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    const given = await record(incoming, body);
    if (given.kind === "answer") response.writeHead(given.status, copied(given.headers)).end(given.body);
    else give(given, incoming.socket, "");
  });
  server.on("connect", async (incoming, socket: Socket) => {
    const given = await record(incoming, "");
    if (given.kind === "dead-end") {
      socket.once("data", (bytes: Buffer) => {
        firstBytes.push(bytes[0] ?? 0);
        socket.destroy();
      });
    }
    give(given, socket, incoming.url ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    messages,
    firstBytes,
    get connections() {
      return sockets.size;
    },
    received: (count) => until(() => messages.length >= count),
    idle: () => until(() => sockets.size === 0),
    options: (parts = {}) => ({
      host: "127.0.0.1",
      port,
      authScheme: "NONE",
      user: undefined,
      password: undefined,
      sslType: "AUTO",
      ...parts,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function give(reply: ProxyReply, socket: Socket, target: string): void {
  switch (reply.kind) {
    case "answer": {
      const { status, headers = {}, body = "" } = reply;
      const fields = { ...copied(headers), "content-length": String(Buffer.byteLength(body)) };
      const lines = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
      socket.write(`HTTP/1.1 ${status} Said\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
      return;
    }
    case "tunnel": {
      const { hostname, port } = new URL(`http://${target}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      socket.once("close", () => onward.destroy());
      return;
    }
    case "dead-end":
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      return;
    case "bytes":
      socket.end(reply.bytes);
      return;
    case "cut":
      socket.destroy();
      return;
    case "silence":
      // Else the other side's end is not noticed.
      socket.once("end", () => socket.end()).resume();
      return;
  }
}

function copied(headers: Readonly<Record<string, string | readonly string[]>> = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
