import type { ServerResponse } from "node:http";
import type { WriteRecord } from "../../driver/write-record.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Connector, ConnectorMethod } from "../connector.js";
import { readsOnly } from "../reads-only.js";
import type { ServedConnection } from "../served-connection.js";
import type { AccessLog } from "./access-log.js";
import type { CallCircumstances } from "./explain-stripe-sql-error.js";
import { explainStripeSqlError } from "./explain-stripe-sql-error.js";
import { onceClosed } from "./once-closed.js";
import { RpcFailure } from "./rpc-failure.js";

export interface Call<Method extends ConnectorMethod> {
  readonly connection: ServedConnection;
  readonly method: Method;
  readonly input: Parameters<Connector[Method]>[0];
  /** The call ends where its client goes away. */
  readonly response: ServerResponse;
  readonly timeoutMs: number;
  /** The client's own; undefined where it gave none. */
  readonly idempotencyKey: string | undefined;
  readonly log: Pick<AccessLog, "write">;
}

export type CallOutput<Method extends ConnectorMethod> = Awaited<ReturnType<Connector[Method]>>;

/** Those that work on Stripe's data, and so count against a connection's rate. */
const transactions: ReadonlySet<ConnectorMethod> = new Set([
  "listEntities",
  "getEntity",
  "createEntity",
  "updateEntity",
  "deleteEntity",
  "executeAction",
  "executeSqlQuery",
  "executeTool",
]);

const mayWrite: ReadonlySet<ConnectorMethod> = new Set(
  [...transactions].filter((method) => method !== "listEntities" && method !== "getEntity"),
);

/** For a call that was ended to say what it had done by then, and for an answer that came just too late. */
export const longestGraceMs = 5000;

/** Makes a call within the connection's rate, as long as its client waits and its time lasts. Every failure is an RpcFailure. */
export async function makeCall<Method extends ConnectorMethod>(call: Call<Method>): Promise<CallOutput<Method>> {
  const { connection, method, input, idempotencyKey } = call;
  if (transactions.has(method)) admit(connection);
  const patience = waitFor(call);
  let isWriteKnown = false;
  const client = call.response.req.socket.remoteAddress;
  const tell = (write: WriteRecord | undefined) => {
    isWriteKnown = true;
    call.log.write({ connection: connection.name, method, client, write });
  };
  const options = { signal: patience.signal, idempotencyKey, onWrite: tell, caller: client };
  try {
    return await Promise.race([connection.call(method, input, options), patience.lost]);
  } catch (error) {
    if (!isWriteKnown && mayWrite.has(method) && !readsOnly(method, input) && isInDoubt(error)) tell(undefined);
    if (!(error instanceof StripeSqlError)) throw error;
    const namesFrom = method === "executeSqlQuery" ? "statement" : "path";
    throw explainStripeSqlError(error, { namesFrom, endedBy: patience.endedBy() });
  } finally {
    patience.end();
  }
}

/** Of a call whose node has ended, or that does not come back. */
function isInDoubt(error: unknown): boolean {
  if (error instanceof RpcFailure) return error.metadata["inDoubt"] === "true";
  return error instanceof StripeSqlError && error.stripe.inDoubt === true;
}

function admit(connection: ServedConnection): void {
  const retryAfterMs = connection.admit();
  if (retryAfterMs === undefined) return;
  throw new RpcFailure("the connection's rate of transactions is used up", {
    status: "RESOURCE_EXHAUSTED",
    reason: throttledReason,
    metadata: { connection: connection.name },
    retryAfterMs,
  });
}

export const throttledReason = "RATE_LIMIT_EXCEEDED";

type WaitedCall = Pick<Call<ConnectorMethod>, "response" | "timeoutMs" | "method" | "input">;

interface Patience {
  readonly signal: AbortSignal;
  /** Fails where a call that was ended does not come back. */
  readonly lost: Promise<never>;
  endedBy(): CallCircumstances["endedBy"];
  end(): void;
}

function waitFor({ response, timeoutMs, method, input }: WaitedCall): Patience {
  const controller = new AbortController();
  let endedBy: CallCircumstances["endedBy"];
  let lose: (failure: RpcFailure) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  const giveUp = (by: "client" | "deadline") => {
    if (endedBy !== undefined) return;
    endedBy = by;
    clearTimeout(timer);
    timer = setTimeout(() => lose(lostCall(by, readsOnly(method, input))), Math.min(longestGraceMs, timeoutMs));
    controller.abort();
  };
  let timer = setTimeout(() => giveUp("deadline"), timeoutMs);
  const leave = () => giveUp("client");
  if (response.req.socket.destroyed) leave();
  const forget = onceClosed(response, leave);
  return {
    signal: controller.signal,
    lost,
    endedBy: () => endedBy,
    end: () => {
      clearTimeout(timer);
      forget();
    },
  };
}

function lostCall(endedBy: "client" | "deadline", isReading: boolean): RpcFailure {
  return new RpcFailure("the call did not end in time", {
    status: endedBy === "client" ? "CANCELLED" : "DEADLINE_EXCEEDED",
    reason: "CALL_LOST",
    metadata: isReading
      ? {}
      : {
          detail: "What it writes may have been carried out all the same: look before it is repeated.",
          inDoubt: "true",
        },
  });
}
