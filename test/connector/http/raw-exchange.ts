import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly body: unknown;
}

/** Sends bytes as they are, and reads until the server ends the connection. Undefined: it said nothing. */
export async function rawExchange(port: number, parts: string | Uint8Array): Promise<RawAnswer | undefined> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A server that has answered may reset a connection on which more is sent.
  socket.on("error", () => undefined);
  socket.write(parts);
  await new Promise((resolve) => {
    socket.once("end", resolve);
    socket.once("close", resolve);
  });
  socket.destroy();
  return parseAnswer(Buffer.concat(chunks).toString());
}

/** A request that asks for the connection to end with it. */
export function rawRequest(
  method: string,
  path: string,
  { headers = {}, body = Buffer.alloc(0) }: { headers?: Readonly<Record<string, string>>; body?: Uint8Array } = {},
): Buffer {
  const all = { host: "localhost", connection: "close", "content-length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), body]);
}

function parseAnswer(text: string): RawAnswer | undefined {
  const [, status, head = "", rest = ""] = /^HTTP\/1\.1 (\d+)[^\r]*\r\n(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  if (status === undefined) return undefined;
  const headers = new Map(
    head.split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(status), headers, text: rest, body: parsed(rest) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
