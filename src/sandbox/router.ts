import type {
  Catalog,
  Endpoint,
  ListEndpoint,
  Procedure,
  RetrieveEndpoint,
  SearchEndpoint,
  Table,
  WriteEndpoint,
} from "../catalog/catalog.js";

/** What a method and a path mean. */
export type Route =
  | { readonly kind: "list"; readonly table: Table; readonly endpoint: ListEndpoint }
  | { readonly kind: "retrieve"; readonly table: Table; readonly endpoint: RetrieveEndpoint }
  | { readonly kind: "search"; readonly table: Table; readonly endpoint: SearchEndpoint }
  | { readonly kind: "create" | "update" | "delete"; readonly table: Table; readonly endpoint: WriteEndpoint }
  | { readonly kind: "procedure"; readonly endpoint: Procedure };

export interface RouteMatch {
  readonly route: Route;
  /** Values of the path's placeholders, in order. */
  readonly keys: readonly string[];
}

interface RouteNode {
  readonly fixed: Map<string, RouteNode>;
  placeholder: RouteNode | undefined;
  route: Route | undefined;
}

/** Finds the catalog's endpoint of a request; a fixed segment goes before a placeholder. */
export class Router {
  readonly #methods = new Map<string, RouteNode>();

  constructor(catalog: Catalog) {
    for (const table of catalog.tables()) for (const route of routesOf(table)) this.#add(route);
    for (const procedure of catalog.procedures()) this.#add({ kind: "procedure", endpoint: procedure });
  }

  match(method: string, path: string): RouteMatch | undefined {
    const root = this.#methods.get(method);
    const segments = path.split("/").slice(1);
    return root === undefined ? undefined : descend(root, segments, 0, []);
  }

  #add(route: Route): void {
    const { method, path } = route.endpoint;
    let node = this.#methods.get(method);
    if (node === undefined) {
      node = newNode();
      this.#methods.set(method, node);
    }
    for (const segment of path.split("/").slice(1)) node = step(node, segment);
    node.route ??= route;
  }
}

/** A list's own path stands for the list, even where a one-row table shares it. */
function routesOf(table: Table): readonly Route[] {
  const routes: Route[] = table.lists.map((endpoint) => ({ kind: "list", table, endpoint }));
  if (table.retrieve !== undefined) routes.push({ kind: "retrieve", table, endpoint: table.retrieve });
  if (table.search !== undefined) routes.push({ kind: "search", table, endpoint: table.search });
  if (table.create !== undefined) routes.push({ kind: "create", table, endpoint: table.create });
  if (table.update !== undefined) routes.push({ kind: "update", table, endpoint: table.update });
  if (table.delete !== undefined) routes.push({ kind: "delete", table, endpoint: table.delete });
  return routes;
}

function newNode(): RouteNode {
  return { fixed: new Map(), placeholder: undefined, route: undefined };
}

function step(node: RouteNode, segment: string): RouteNode {
  if (segment.startsWith("{")) {
    node.placeholder ??= newNode();
    return node.placeholder;
  }
  const next = node.fixed.get(segment) ?? newNode();
  node.fixed.set(segment, next);
  return next;
}

function descend(
  node: RouteNode,
  segments: readonly string[],
  position: number,
  keys: readonly string[],
): RouteMatch | undefined {
  const segment = segments[position];
  if (segment === undefined) return node.route === undefined ? undefined : { route: node.route, keys };
  const fixed = node.fixed.get(segment);
  const found = fixed === undefined ? undefined : descend(fixed, segments, position + 1, keys);
  if (found !== undefined || node.placeholder === undefined || segment === "") return found;
  const key = decoded(segment);
  return key === undefined ? undefined : descend(node.placeholder, segments, position + 1, [...keys, key]);
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** "POST /v1/quotes/{}/accept": how operations are keyed, whatever a placeholder is called. */
export function routeKey(endpoint: Pick<Endpoint, "method" | "path">): string {
  return `${endpoint.method} ${endpoint.path.replace(/\{[^}]*\}/g, "{}")}`;
}
