import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** What a browser asks for before its page can send the token. */
const open: ReadonlySet<string | undefined> = new Set(["/", "/page.js", "/page.css"]);

/** Refuses what does not come from the studio's own page on this machine. */
export function guardRequests(token: string, hosts: () => readonly string[]) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    // A name of somebody else's that leads to this machine, as a page of theirs would have it.
    if (!hosts().includes(request.headers.host ?? "")) return refuse(reply, 421, "this is not the studio's address");
    const { origin, authorization = "" } = request.headers;
    if (origin !== undefined && !hosts().some((host) => origin === `http://${host}`)) {
      return refuse(reply, 403, "another page may not ask here");
    }
    // By the route that was found: of a path there are many spellings.
    if (open.has(request.routeOptions.url) || isSame(authorization, `Bearer ${token}`)) return undefined;
    return refuse(reply, 401, "the address that stripe-sql printed holds the token that is missing here");
  };
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
