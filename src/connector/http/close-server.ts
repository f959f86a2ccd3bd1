import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Ends a server once every request under way is answered, or as many milliseconds have passed. */
export type CloseServer = (patienceMs: number) => Promise<void>;

/**
 * To be called before the server listens. Node's own close waits for a connection that has never asked for anything,
 * and from then on no longer looks whether its time is up.
 */
export function serverCloser(server: Server): CloseServer {
  const underWay = new Map<Socket, number>();
  server.on("connection", (socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  const count = (socket: Socket, change: number) => {
    const requests = underWay.get(socket);
    if (requests !== undefined) underWay.set(socket, requests + change);
  };
  server.on("request", ({ socket }, response) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
  return async (patienceMs) => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    const patience = setTimeout(() => server.closeAllConnections(), patienceMs);
    await closed;
    clearTimeout(patience);
  };
}
