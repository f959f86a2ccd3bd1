// A node whose connector does what its input says, and starts as the file named by NODE_SCRIPT says: "", "die", "hang"
// or "refuse". Forked by the tests of the pool.
import { once } from "node:events";
import { readFileSync, watch } from "node:fs";
import { serveNode } from "../../dist/connector/nodes/serve-node.js";
import { SqlState } from "../../dist/error/sql-state.js";
import { StripeSqlError } from "../../dist/error/stripe-sql-error.js";

const methods = ["listEntities", "getEntity", "createEntity", "executeSqlQuery", "checkReadiness"];

serveNode(async (_definition, { rateStore }) => {
  await startAs(readFileSync(process.env.NODE_SCRIPT, "utf8"));
  const call = (input, options) => answer(input ?? {}, rateStore, options);
  return {
    ...Object.fromEntries(methods.map((method) => [method, call])),
    close: async () => undefined,
  };
});

async function startAs(start) {
  if (start === "die") process.exit(3);
  if (start === "hang") await new Promise(() => {});
  if (start === "refuse") throw failure();
}

async function answer({ do: action, limits, echo }, rateStore, { signal, idempotencyKey, caller } = {}) {
  switch (action) {
    case "wait":
      return waitForAbort(signal);
    case "fail":
      throw failure();
    case "break":
      throw new TypeError("no such thing: sk_test_planted123");
    case "die":
      return process.exit(7);
    case "block":
      for (;;);
    case "hold":
      return hold();
    case "leave":
      return process.disconnect();
    case "reserve":
      return { pid: process.pid, waitMs: await rateStore.reserve(limits) };
    case "slow-down":
      rateStore.slowDown(limits[0], 1000);
      return { pid: process.pid };
    case "hear":
      return new Promise((resolve) => {
        rateStore.onSlowDown((limit, pauseMs) => resolve({ limit, pauseMs }), new AbortController().signal);
      });
    default:
      return { pid: process.pid, echo, idempotencyKey, caller };
  }
}

/** Ends when the file says "release". */
async function hold() {
  const changes = watch(process.env.NODE_SCRIPT);
  while (readFileSync(process.env.NODE_SCRIPT, "utf8") !== "release") await once(changes, "change");
  changes.close();
  return { pid: process.pid };
}

/** Ends only when it is canceled, or with its process. */
function waitForAbort(signal) {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(new StripeSqlError("canceled as asked", { sqlState: SqlState.queryCanceled, phase: "stripe" }));
    });
  });
}

function failure() {
  return new StripeSqlError("as asked", {
    sqlState: SqlState.upstreamError,
    phase: "stripe",
    detail: "a detail",
    hint: "a hint",
    position: 7,
    retryable: true,
    stripe: { type: "card_error", code: "card_declined", requestId: "req_1", status: 402, inDoubt: true },
  });
}
