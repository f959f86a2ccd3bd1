import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server in Stripe's manner that knows no resource: each list holds the same three plain objects. */
export interface GenericServer {
  readonly url: string;
  close(): Promise<void>;
}

const createdSeconds = 1_750_000_000;

/** A list is told from one object by the last part of its path: "/v1/customers" or "/v1/customers/obj_1". */
export async function startGenericServer(): Promise<GenericServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    response.writeHead(200, { "content-type": "application/json", "request-id": "req_generic" });
    response.end(JSON.stringify(answer(pathname, searchParams)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(path: string, query: URLSearchParams): object {
  if (singletons.test(path)) return object(path.split("/").at(-1) ?? "");
  const version = path.startsWith("/v2/") ? "v2" : "v1";
  const limit = Number(query.get("limit") ?? 10);
  const after = Number(query.get("starting_after")?.replace("obj_", "") ?? 0);
  const rows = [1, 2, 3].filter((number) => number > after).map((number) => object(`obj_${number}`, version));
  const page = rows.slice(0, limit);
  if (version === "v2") return { data: page, next_page_url: null, previous_page_url: null };
  return { object: "list", url: path, data: page, has_more: rows.length > page.length };
}

const singletons =
  /\/(obj_\d+|account|balance|balance_settings|cash_balance|tax\/settings|financial_accounts\/\w+\/features)$/;

function object(id: string, version: "v1" | "v2" = "v1"): object {
  const created = version === "v2" ? new Date(createdSeconds * 1000).toISOString() : createdSeconds;
  return { id, object: "generic", created };
}
