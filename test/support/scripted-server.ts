import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded: "limit=100&created[gte]=1". */
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

export type Answer =
  | {
      readonly kind: "json";
      readonly body: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "text"; readonly body: string; readonly status?: number }
  /** The request is read whole, then the connection is cut. */
  | { readonly kind: "cut" }
  /** Half of an answer is sent, then the connection is cut. */
  | { readonly kind: "cut-midway" }
  /** Never answered. */
  | { readonly kind: "silence" }
  /** A byte now and then, of the headers or of the body, and no end. */
  | { readonly kind: "trickle"; readonly of: "headers" | "body" };

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Resolves when as many requests have been read. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Answers each request by the script's next answer, or by the function; past the script's end with 599. */
export async function startScriptedServer(
  script: readonly Answer[] | ((request: RecordedRequest) => Answer),
): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const answerFor = (request: RecordedRequest): Answer =>
    typeof script === "function" ? script(request) : (script[requests.length - 1] ?? beyondTheScript);
  const server = createServer((message, response) => {
    void readRequest(message).then((request) => {
      requests.push(request);
      give(answerFor(request), response);
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    received: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const beyondTheScript: Answer = {
  kind: "json",
  status: 599,
  body: { error: { type: "api_error", message: "The script has no further answer" } },
  headers: { "stripe-should-retry": "false" },
};

async function readRequest(message: IncomingMessage): Promise<RecordedRequest> {
  let body = "";
  for await (const chunk of message) body += String(chunk);
  const url = new URL(message.url ?? "/", "http://localhost");
  const query = decodeURIComponent(url.search.slice(1));
  return {
    method: message.method ?? "",
    path: url.pathname,
    query,
    body: decodeURIComponent(body),
    headers: message.headers,
  };
}

function give(answer: Answer, response: ServerResponse): void {
  switch (answer.kind) {
    case "json":
      response.writeHead(answer.status ?? 200, {
        "content-type": "application/json",
        "request-id": "req_1",
        ...answer.headers,
      });
      response.end(JSON.stringify(answer.body));
      return;
    case "text":
      response.writeHead(answer.status ?? 200, { "content-type": "text/html" });
      response.end(answer.body);
      return;
    case "cut":
      response.socket?.destroy();
      return;
    case "cut-midway":
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"id":', () => response.socket?.destroy());
      return;
    case "silence":
      return;
    case "trickle":
      trickle(response, answer.of);
      return;
  }
}

function trickle(response: ServerResponse, of: "headers" | "body"): void {
  const { socket } = response;
  if (of === "body") response.writeHead(200, { "content-type": "application/json" });
  else socket?.write("HTTP/1.1 200 OK\r\n");
  const drop = () => (of === "body" ? response.write(" ") : socket?.write("X-More: yes\r\n"));
  const timer = setInterval(drop, 5);
  socket?.once("close", () => clearInterval(timer));
}
