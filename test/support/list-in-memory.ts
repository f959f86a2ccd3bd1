import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { canceledError } from "../../src/stripe/canceled-error.js";
import type { RequestScope } from "../../src/stripe/request-scope.js";
import { countRequest, requireRoom } from "../../src/stripe/request-scope.js";
import type { RequestSender } from "../../src/stripe/stripe-client.js";
import type { StripeRequest } from "../../src/stripe/stripe-request.js";
import type { Json, JsonObject } from "../../src/value/json.js";
import { isJsonObject } from "../../src/value/json.js";
import { listPage } from "./held-client.js";

/** A request that waits for its answer, which is made of the rows that there are once it is given. */
export interface WaitingRequest {
  readonly parameters: StripeRequest["parameters"];
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** One list as Stripe gives it: newest first, by `created` ranges and from a cursor on. Answers come when the test wants. */
export class ListInMemory implements RequestSender {
  /** Newest first. */
  rows: JsonObject[];
  readonly waiting: WaitingRequest[] = [];
  readonly sent: StripeRequest["parameters"][] = [];
  /** False for a server that knows nothing of ranges. */
  filters = true;
  /** True for a server that always answers with the first page. */
  repeats = false;
  #next: number;

  constructor(times: readonly number[]) {
    const sorted = [...times].sort((one, other) => other - one);
    this.rows = sorted.map((created, index) => ({ id: `row_${sorted.length - index}`, object: "charge", created }));
    this.#next = sorted.length + 1;
  }

  /** A row that is made now is the newest. */
  insert(created: number): void {
    this.rows.unshift({ id: `row_${this.#next}`, object: "charge", created });
    this.#next += 1;
  }

  request({ parameters, signal }: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    requireRoom(scope, { method: "GET", path: "/v1/charges" });
    countRequest(scope);
    this.sent.push(parameters);
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => () => {
        const index = this.waiting.indexOf(waiting);
        if (index >= 0) this.waiting.splice(index, 1);
        for (const aborted of [scope.signal, signal]) aborted?.removeEventListener("abort", stop);
        settle();
      };
      const waiting: WaitingRequest = {
        parameters,
        answer: done(() => {
          try {
            resolve(this.#page(parameters));
          } catch (error) {
            reject(error);
          }
        }),
        fail: (error) => done(() => reject(error))(),
      };
      this.waiting.push(waiting);
      const stop = done(() => reject(canceledError(scope.signal)));
      scope.signal?.addEventListener("abort", stop, { once: true });
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  #page(parameters: StripeRequest["parameters"]): JsonObject {
    const { limit, starting_after: after, created } = parameters ?? {};
    if (this.repeats) return listPage(this.rows.slice(0, Number(limit)), true);
    const from = after === undefined ? 0 : this.rows.findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && from === 0) throw missingCursor(after);
    const rest = this.rows.slice(from).filter((row) => !this.filters || isWithin(row["created"], created));
    const size = Number(limit);
    return listPage(rest.slice(0, size), rest.length > size);
  }
}

function isWithin(time: Json | undefined, range: Json | undefined): boolean {
  if (!isJsonObject(range) || typeof time !== "number") return true;
  const tests: Readonly<Record<string, (bound: number) => boolean>> = {
    gte: (bound) => time >= bound,
    gt: (bound) => time > bound,
    lte: (bound) => time <= bound,
    lt: (bound) => time < bound,
  };
  return Object.entries(range).every(([key, bound]) => tests[key]?.(Number(bound)) ?? true);
}

function missingCursor(id: Json): StripeSqlError {
  return new StripeSqlError(`No such charge: ${String(id)}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "stripe",
    stripe: { status: 400, code: "resource_missing", param: "starting_after" },
  });
}

/** Settled promises have had their say. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
