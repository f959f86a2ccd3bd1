import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

const callbacksBySocket = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once an answer has ended or its connection has. The answer's own event does not come for a request that
 * waits behind another on a connection that breaks. What is given back takes the wish back.
 */
export function onceClosed(response: ServerResponse, callback: () => void): () => void {
  const callbacks = callbacksOf(response.req.socket);
  const forget = () => {
    callbacks.delete(end);
    response.off("close", end);
  };
  const end = () => {
    forget();
    callback();
  };
  callbacks.add(end);
  response.once("close", end);
  return forget;
}

/** One listener for all requests of a socket: there may be many. */
function callbacksOf(socket: Socket): Set<() => void> {
  const known = callbacksBySocket.get(socket);
  if (known !== undefined) return known;
  const callbacks = new Set<() => void>();
  callbacksBySocket.set(socket, callbacks);
  socket.once("close", () => {
    for (const callback of [...callbacks]) callback();
  });
  return callbacks;
}
