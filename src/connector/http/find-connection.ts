import type { ServedConnection } from "../served-connection.js";
import { RpcFailure } from "./rpc-failure.js";

/** What every path under /v2 names. */
export interface ConnectionPath {
  readonly project: string;
  readonly location: string;
  readonly connection: string;
}

export type FindConnection = (path: ConnectionPath) => ServedConnection;

/** An id ("my-project"), one of a domain ("example.com:my-project"), or a number. */
const projectId = /^(?:[a-z0-9][a-z0-9.-]*:)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const locationId = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** A connection is found in its own location; in any where it has none. It belongs to no project, so any may be named. */
export function connectionFinder(connections: readonly ServedConnection[]): FindConnection {
  const byName = new Map(connections.map((connection) => [connection.name, connection]));
  return ({ project, location, connection }) => {
    const found = byName.get(connection);
    if (!projectId.test(project)) throw notFound("no such project", "PROJECT_NOT_FOUND");
    if (found === undefined) throw notFound("no such connection is served here", "CONNECTION_NOT_FOUND");
    if (!locationId.test(location) || (found.location ?? location) !== location) {
      throw notFound("no such connection is served in this location", "CONNECTION_NOT_FOUND");
    }
    return found;
  };
}

function notFound(message: string, reason: string): RpcFailure {
  return new RpcFailure(message, { status: "NOT_FOUND", reason });
}
