import type { Json, JsonObject } from "../value/json.js";
import { jsonAt } from "../value/json.js";
import type { SandboxWorld, StripeObject } from "./account-state.js";
import { AccountState, parseRow } from "./account-state.js";
import { recordEvent } from "./event-recorder.js";
import { expandObject, readExpansions, rowExpansions } from "./expansion.js";
import type { Answer } from "./idempotency-ledger.js";
import type { InboundRequest } from "./inbound-request.js";
import { bodyParameters, queryParameters } from "./inbound-request.js";
import { without } from "./json-field.js";
import { listAnswer, listObjects } from "./list-objects.js";
import { typeOf } from "./object-shape.js";
import type { StoredRow } from "./object-store.js";
import type { OperationTable } from "./operation.js";
import { refuseBeyondLimits } from "./parameter-limits.js";
import { readParameters } from "./parameter-reader.js";
import {
  createNestedObject,
  createObject,
  deleteObject,
  retrieveObject,
  updateObject,
  updateSingleton,
} from "./plain-operations.js";
import { noSuchObject, notModelled, unknownParameters, unrecognizedUrl } from "./refusals.js";
import type { Route, RouteMatch, Router } from "./router.js";
import { routeKey } from "./router.js";
import { searchAnswer } from "./search-objects.js";
import { isSentWhole, withoutUnincluded } from "./unincluded-fields.js";

/** Parameters of API v2 and of retrieve calls that choose what is shown, never which object. */
const shownParameters = ["include", "client_secret", "expand_fx_rate"];

const happenings = { create: "created", update: "updated", delete: "deleted", procedure: "transition" } as const;

/** Whose state a request works on, what it means, and what it is called. */
export interface RequestTarget {
  readonly account: string;
  readonly match: RouteMatch;
  readonly requestId: string;
}

/** Carries a request out on an account's state. */
export class Dispatcher {
  readonly #world: SandboxWorld;
  readonly #router: Router;
  readonly #operations: OperationTable;

  constructor(world: SandboxWorld, router: Router, operations: OperationTable) {
    this.#world = world;
    this.#router = router;
    this.#operations = operations;
  }

  route(request: InboundRequest): RouteMatch {
    const match = this.#router.match(request.method, request.path);
    if (match === undefined) throw unrecognizedUrl(request.method, request.path);
    return match;
  }

  /** Refuses a write whose parameters cannot be read, before anything of it is carried out. */
  validate(request: InboundRequest, { route }: RouteMatch): void {
    if (isRead(route)) return;
    readWrite(request, route);
  }

  /** All that the request changes, or, where it is refused, nothing of it. */
  carryOut(request: InboundRequest, target: RequestTarget): Answer {
    const { match, account, requestId } = target;
    const state = new AccountState(this.#world, account, { id: requestId, idempotencyKey: request.idempotencyKey });
    return { status: 200, headers: {}, body: this.#body(state, request, match) };
  }

  #body(state: AccountState, request: InboundRequest, match: RouteMatch): string {
    const { route } = match;
    switch (route.kind) {
      case "list":
        return route.endpoint.pagination === "singleton"
          ? this.#singleton(state, request, match)
          : this.#list(state, request, match, route);
      case "search":
        return searchAnswer(state, {
          table: route.table,
          endpoint: route.endpoint,
          path: request.path,
          raw: queryParameters(request),
        });
      case "retrieve":
        return this.#retrieve(state, request, match, route);
      case "create":
      case "update":
      case "delete":
      case "procedure":
        return this.#write(state, request, match);
    }
  }

  #list(state: AccountState, request: InboundRequest, match: RouteMatch, route: Route & { kind: "list" }): string {
    const query = queryParameters(request);
    const expansions = rowExpansions(readExpansions(query["expand"]));
    const listRequest = {
      table: route.table,
      endpoint: route.endpoint,
      keys: match.keys,
      path: request.path,
      raw: without(query, ["expand", "include"]),
    };
    const page = listObjects(state, listRequest);
    const include = readExpansions(query["include"]);
    const isPlain = expansions.length === 0 && isSentWhole(route.table);
    const texts = page.rows.map((row) => (isPlain ? row.json : expandRow(state, route, row, { expansions, include })));
    return listAnswer(listRequest, page, texts);
  }

  #singleton(state: AccountState, request: InboundRequest, { route, keys }: RouteMatch): string {
    if (route.kind !== "list") throw new TypeError("a singleton is listed");
    const query = queryParameters(request);
    const operation = this.#operations[routeKey(route.endpoint)];
    const object = operation?.(state, { keys, parameters: {}, path: request.path }) ?? onlyRow(state, route, keys);
    return JSON.stringify(expandObject(state, route.table, object, readExpansions(query["expand"])));
  }

  #retrieve(
    state: AccountState,
    request: InboundRequest,
    match: RouteMatch,
    route: Route & { kind: "retrieve" },
  ): string {
    const query = queryParameters(request);
    const unknown = Object.keys(query).filter((key) => key !== "expand" && !shownParameters.includes(key));
    if (unknown.length > 0) throw unknownParameters(unknown);
    const object = retrieveObject(state, typeOf(route.table), lastOf(match.keys));
    refuseOtherParent(state, object, route, match.keys);
    const shown = withoutUnincluded(route.table, object, readExpansions(query["include"]));
    return JSON.stringify(expandObject(state, route.table, shown, readExpansions(query["expand"])));
  }

  #write(state: AccountState, request: InboundRequest, match: RouteMatch): string {
    const { route } = match;
    if (isRead(route)) throw new TypeError("a read is not a write");
    const { expansions, parameters } = readWrite(request, route);
    const object = this.#perform(state, { match, parameters, path: request.path });
    const table = route.kind === "procedure" ? this.#tableOf(object) : route.table;
    if (request.method !== "GET") recordEvent(state, object, happenings[route.kind]);
    return JSON.stringify(expandObject(state, table, object, expansions));
  }

  #perform(
    state: AccountState,
    call: { readonly match: RouteMatch; readonly parameters: JsonObject; readonly path: string },
  ): StripeObject {
    const { route, keys } = call.match;
    const operation = this.#operations[routeKey(route.endpoint)];
    if (operation !== undefined) return operation(state, { keys, parameters: call.parameters, path: call.path });
    switch (route.kind) {
      case "create":
        return keys.length === 0
          ? createObject(state, route.table, call.parameters)
          : createNestedObject(state, route.table, { endpoint: route.endpoint, keys, parameters: call.parameters });
      case "update":
        return keys.length === 0
          ? updateSingleton(state, route.table, call.parameters)
          : updateObject(state, route.table, lastOf(keys), call.parameters);
      case "delete":
        return deleteObject(state, route.table, lastOf(keys));
      case "list":
      case "search":
      case "retrieve":
      case "procedure":
        throw notModelled(`${route.endpoint.method} ${route.endpoint.path}`);
    }
  }

  #tableOf(object: StripeObject) {
    const objectType: Json | undefined = object["object"];
    return typeof objectType === "string" ? this.#world.shapes.tableOfObjectType(objectType) : undefined;
  }
}

type WriteRoute = Exclude<Route, { kind: "list" | "search" | "retrieve" }>;

function isRead(route: Route): route is Exclude<Route, WriteRoute> {
  return route.kind === "list" || route.kind === "search" || route.kind === "retrieve";
}

function readWrite(
  request: InboundRequest,
  route: WriteRoute,
): { readonly expansions: readonly string[]; readonly parameters: JsonObject } {
  const raw = bodyParameters(request);
  const parameters = readParameters(without(raw, ["expand", "include"]), route.endpoint.parameters);
  refuseBeyondLimits(routeKey(route.endpoint), parameters);
  return { expansions: readExpansions(raw["expand"]), parameters };
}

/** The row of a table that has one, for the account or for each parent. */
function onlyRow(
  state: AccountState,
  { table, endpoint }: Route & { kind: "list" },
  keys: readonly string[],
): StripeObject {
  const [key] = keys;
  const [parent] = endpoint.parents;
  if (key === undefined || parent === undefined) return state.singleton(typeOf(table));
  state.require(typeOf({ schema: table.schema, name: parent.table }), key);
  const column = table.columns.find(({ name }) => name === parent.column);
  const field = column?.path[0];
  return (
    state.childrenOf(typeOf(table), key)[0] ?? state.draft(typeOf(table), field === undefined ? {} : { [field]: key })
  );
}

/** An object of a nested list is not found under another parent. */
function refuseOtherParent(
  state: AccountState,
  object: StripeObject,
  { table, endpoint }: Route & { kind: "retrieve" },
  keys: readonly string[],
): void {
  for (const [position, { column }] of endpoint.keys.slice(0, -1).entries()) {
    const path = table.columns.find(({ name }) => name === column)?.path ?? [];
    const parent = path.length === 0 ? undefined : jsonAt(object, path);
    if (typeof parent !== "string" || parent === keys[position]) continue;
    throw noSuchObject(state.world.shapes.resourceName(typeOf(table)), lastOf(keys));
  }
}

function expandRow(
  state: AccountState,
  route: Route & { kind: "list" },
  row: StoredRow,
  { expansions, include }: { readonly expansions: readonly string[]; readonly include: readonly string[] },
): string {
  const shown = withoutUnincluded(route.table, parseRow(row), include);
  return JSON.stringify(expandObject(state, route.table, shown, expansions));
}

function lastOf(keys: readonly string[]): string {
  return keys[keys.length - 1] ?? "";
}
