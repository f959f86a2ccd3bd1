import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { PrintFailure } from "./print-failure.js";
import type { RpcFailureOptions } from "./rpc-failure.js";
import { RpcFailure } from "./rpc-failure.js";

/** Called for a request that was answered before it was one. */
export type OnRefused = (httpStatus: number) => void;

/** Answers what Node's HTTP parser takes for no request, for too large or for too slow, where Node would send no body. */
export interface ConnectionRefuser {
  /** For the server's event of this name. */
  clientError(error: Error & { readonly code?: string }, socket: Duplex): void;
  /** Watches over the requests of a server, and answers those that never become one. */
  attach(server: Server): void;
}

interface PendingExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function connectionRefuser(print: PrintFailure, onRefused: OnRefused): ConnectionRefuser {
  const pending = new WeakMap<Duplex, PendingExchange>();
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, failure: RpcFailure) => {
    if (!socket.writable) return;
    onRefused(failure.httpStatus);
    socket.end(rawAnswer(failure, print), () => socket.destroy());
  };
  return {
    clientError: ({ code }, socket) => {
      if (refused.has(socket)) return;
      refused.add(socket);
      const exchange = pending.get(socket);
      if (code === "ECONNRESET" || exchange?.response.headersSent === true) {
        socket.destroy();
      } else if (exchange?.request.complete === true) {
        // A request that was read whole is answered first: the mistake is in what follows it.
        exchange.response.once("close", () => refuse(socket, failureOf(code)));
      } else {
        refuse(socket, failureOf(code));
      }
    },
    attach: (server) => {
      server.on("request", (request, response) => {
        const exchange = { request, response };
        pending.set(request.socket, exchange);
        response.once("close", () => {
          if (pending.get(request.socket) === exchange) pending.delete(request.socket);
        });
      });
      server.on("connect", (_request, socket) => refuse(socket, new RpcFailure("this server is no proxy", noProxy)));
      server.on("checkExpectation", (_request, response: ServerResponse) => {
        const { httpStatus, headers, body } = print(new RpcFailure("no such expectation can be met", expectation));
        onRefused(httpStatus);
        const length = { "content-length": String(Buffer.byteLength(body)) };
        response.writeHead(httpStatus, { ...headers, ...length, connection: "close" }).end(body);
      });
    },
  };
}

const noProxy: RpcFailureOptions = {
  status: "INVALID_ARGUMENT",
  reason: "METHOD_NOT_ALLOWED",
  httpStatus: 405,
  headers: { allow: "DELETE, GET, HEAD, OPTIONS, PATCH, POST" },
};

const expectation: RpcFailureOptions = {
  status: "INVALID_ARGUMENT",
  reason: "EXPECTATION_FAILED",
  httpStatus: 417,
  metadata: { hint: "Send no Expect header, or Expect: 100-continue." },
};

/** Source: https://nodejs.org/docs/latest-v20.x/api/http.html#event-clienterror */
function failureOf(code: string | undefined): RpcFailure {
  if (code === "HPE_HEADER_OVERFLOW") {
    return new RpcFailure("the URL and the headers are too large", {
      status: "INVALID_ARGUMENT",
      reason: "HEADERS_TOO_LARGE",
      httpStatus: 431,
    });
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new RpcFailure("the request did not arrive in time", {
      status: "DEADLINE_EXCEEDED",
      reason: "REQUEST_TOO_SLOW",
      httpStatus: 408,
    });
  }
  return new RpcFailure("this is no HTTP request", { status: "INVALID_ARGUMENT", reason: "MALFORMED_HTTP" });
}

function rawAnswer(failure: RpcFailure, print: PrintFailure): string {
  const { httpStatus, headers, body } = print(failure);
  const fields = { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ""}\r\n${lines.join("")}\r\n${body}`;
}
