import { describe, expect, it } from "vitest";
import type { StatementContext } from "../../../src/execute/statement-context.js";
import { runProcedure } from "../../../src/execute/write/run-procedure.js";
import { runWrite } from "../../../src/execute/write/run-write.js";
import type { WriteCall } from "../../../src/execute/write/write-call.js";
import type { CallOutcome, WriteJournal } from "../../../src/execute/write/write-journal.js";
import { planDelete } from "../../../src/plan/write/plan-delete.js";
import { planInsert } from "../../../src/plan/write/plan-insert.js";
import { planProcedure } from "../../../src/plan/write/plan-procedure.js";
import { planUpdate } from "../../../src/plan/write/plan-update.js";
import { readScript } from "../../support/read-statement.js";
import { freshScope, json, openScriptedClient, refusal } from "../../support/scripted-client.js";
import type { Answer, RecordedRequest } from "../../support/scripted-server.js";
import { statementContext } from "../../support/statement-context.js";
import { planEnvironment } from "../../support/statement-planning.js";

/** Whatever happens to a statement, in order: what its journal is told, and what the server receives. */
class Events {
  readonly lines: string[] = [];
  readonly calls: WriteCall[] = [];

  readonly journal: WriteJournal = {
    begin: async (calls) => {
      this.calls.push(...calls);
      this.lines.push(`begin ${calls.length}`);
    },
    sending: async () => undefined,
    ended: async () => undefined,
    settled: async (call, outcome) => {
      this.lines.push(`settled ${call.index} ${told(outcome)}`);
    },
  };

  received(request: RecordedRequest): void {
    this.lines.push(`received ${request.method} ${request.path}`);
  }
}

function told(outcome: CallOutcome): string {
  const isInDoubt = outcome.state === "failed" && outcome.error.stripe.inDoubt === true;
  return [outcome.state, outcome.id, ...(isInDoubt ? ["in doubt"] : [])].filter((part) => part !== undefined).join(" ");
}

interface Running {
  readonly journal?: Partial<WriteJournal>;
  readonly idempotencyKey?: string;
  readonly maxRequests?: number;
  readonly parallelRequests?: number;
}

type Script = (request: RecordedRequest, count: number) => Answer;

async function run(sql: string, answer: Script, options: Running = {}) {
  const events = new Events();
  const { client, server } = await openScriptedClient((request) => {
    events.received(request);
    return answer(request, server.requests.length);
  });
  const notices: string[] = [];
  const context = statementContext(client, {
    journal: { ...events.journal, ...options.journal },
    idempotencyKey: options.idempotencyKey,
    scope: freshScope({ maxRequests: options.maxRequests }),
    notice: (text) => void notices.push(text),
    pace: () => ({
      ...{ requestsPerSecond: undefined, latencyMs: undefined },
      parallelRequests: options.parallelRequests,
    }),
  });
  const { states, error } = await ended(write(sql, context));
  return { events: events.lines, calls: events.calls, requests: server.requests, notices, states, error };
}

function ended(states: Promise<readonly string[]>) {
  return states.then(
    (known): { readonly states: readonly string[]; readonly error?: unknown } => ({ states: known }),
    (error: unknown) => ({ states: [], error }),
  );
}

async function write(sql: string, context: StatementContext): Promise<readonly string[]> {
  const [statement] = readScript(sql);
  const environment = planEnvironment();
  const agree = () => Promise.resolve(true);
  const outcomesOf = async (plan: Parameters<typeof runWrite>[0]) =>
    (await runWrite(plan, context, agree)).outcomes.map(({ state }) => state);
  if (statement?.kind === "insert") return outcomesOf(planInsert(statement, environment));
  if (statement?.kind === "update") return outcomesOf(planUpdate(statement, environment));
  if (statement?.kind === "delete") return outcomesOf(planDelete(statement, environment));
  if (statement?.kind !== "execute") throw new Error(`no write: ${sql}`);
  const rows = await runProcedure(planProcedure(statement, environment), context, agree);
  return rows === undefined ? ["declined"] : ["executed"];
}

const idIn = ({ path }: RecordedRequest): string => path.split("/").at(-1) ?? "";
const written: Script = (request) => json({ id: idIn(request) });
const created: Script = (_, count) => json({ id: `cus_${count}` });

const insertThree = "INSERT INTO Customer (Name, AccountId) VALUES ('a', NULL), ('b', 'acct_1'), ('c', NULL)";
const updateThree = "UPDATE Customer SET Name = 'x' WHERE Id IN ('a', 'b', 'c')";
const cancel = "EXEC CancelPaymentIntent PaymentIntentId = 'pi_1'";

describe("a journal", () => {
  it("knows every call of a statement before the first is sent", async () => {
    const { events, calls, requests } = await run(insertThree, created, { idempotencyKey: "order" });
    expect(events).toEqual([
      "begin 3",
      ...["received POST /v1/customers", "settled 0 written cus_1"],
      ...["received POST /v1/customers", "settled 1 written cus_2"],
      ...["received POST /v1/customers", "settled 2 written cus_3"],
    ]);
    expect(calls).toMatchObject([
      { statement: "order", index: 0, parameters: { name: "a" }, accountId: undefined, idempotencyKey: "order" },
      { statement: "order", index: 1, parameters: { name: "b" }, accountId: "acct_1", idempotencyKey: "order-1" },
      { statement: "order", index: 2, parameters: { name: "c" }, accountId: undefined, idempotencyKey: "order-2" },
    ]);
    expect(requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["order", "order-1", "order-2"]);
  });

  it("knows the whole of a call, so that it could be sent again", async () => {
    const { calls } = await run(cancel, written, { idempotencyKey: "order" });
    expect(calls).toEqual([
      {
        statement: "order",
        index: 0,
        id: undefined,
        method: "POST",
        path: "/v1/payment_intents/pi_1/cancel",
        endpointPath: "/v1/payment_intents/{payment_intent}/cancel",
        apiBase: "api",
        parameters: {},
        accountId: undefined,
        idempotencyKey: "order",
      },
    ]);
    expect(JSON.parse(JSON.stringify(calls))).toMatchObject([{ path: "/v1/payment_intents/pi_1/cancel" }]);
  });

  it("knows the keys that are made here", async () => {
    const { calls, requests } = await run(updateThree, written);
    const sent = requests.map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(sent)).toEqual(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)));
    expect(calls.map(({ statement, idempotencyKey }) => idempotencyKey?.slice(statement.length))).toEqual([
      "-a",
      "-b",
      "-c",
    ]);
  });

  it("sees each of several calls at once settled after its request, and none before all are known", async () => {
    const { events } = await run(updateThree, written);
    expect(events[0]).toBe("begin 3");
    expect([...events].sort()).toEqual([
      "begin 3",
      ...["a", "b", "c"].map((id) => `received POST /v1/customers/${id}`),
      ...["a", "b", "c"].map((id, index) => `settled ${index} written ${id}`),
    ]);
    for (const [index, id] of ["a", "b", "c"].entries())
      expect(events.indexOf(`settled ${index} written ${id}`)).toBeGreaterThan(
        events.indexOf(`received POST /v1/customers/${id}`),
      );
  });

  it("sees a deletion, which has no key, and one that found nothing", async () => {
    const { events, calls, states } = await run("DELETE FROM Customer WHERE Id IN ('a', 'b')", (request) =>
      idIn(request) === "b" ? refusal(404, { code: "resource_missing" }) : written(request, 0),
    );
    expect(events.slice(-4)).toEqual(
      expect.arrayContaining([
        "received DELETE /v1/customers/a",
        "settled 0 written a",
        "received DELETE /v1/customers/b",
        "settled 1 no match b",
      ]),
    );
    expect(calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([undefined, undefined]);
    expect(states).toEqual(["written"]);
  });

  it("sees a procedure that writes as any other write", async () => {
    expect((await run(cancel, () => json({ id: "pi_1" }))).events).toEqual([
      "begin 1",
      "received POST /v1/payment_intents/pi_1/cancel",
      "settled 0 written pi_1",
    ]);
    const { events, error } = await run(cancel, () => refusal(400, { message: "Not now" }));
    expect(events.at(-1)).toBe("settled 0 failed");
    expect(error).toMatchObject({ message: "Not now", sqlState: "22023" });
  });

  it("sees nothing of a procedure that reads, or of a write without objects", async () => {
    const reading = "EXEC RetrieveCustomerPaymentMethod CustomerId = 'cus_1', PaymentMethodId = 'pm_1'";
    const none = "UPDATE Customer SET Name = 'x' WHERE Id = 'a' AND Id = 'b'";
    expect((await run(reading, written)).events.filter((line) => !line.startsWith("received"))).toEqual([]);
    expect((await run(none, written)).events).toEqual([]);
  });

  it("sees a call once, however often it is sent until its answer comes", async () => {
    const { events, requests } = await run(cancel, (request, count) =>
      count === 1 ? { kind: "cut" } : written(request, count),
    );
    expect(events.filter((line) => !line.startsWith("received"))).toEqual(["begin 1", "settled 0 written cancel"]);
    expect(new Set(requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(requests).toHaveLength(2);
  });

  it("sees what failed, what is in doubt, and what was not tried after it", async () => {
    const { events, states } = await run(insertThree, (request, count) => {
      if (count === 1) return refusal(402, { code: "card_declined" });
      return count === 2 ? created(request, count) : { kind: "cut" };
    });
    expect(events.filter((line) => line.startsWith("settled"))).toEqual([
      "settled 0 failed",
      "settled 1 written cus_2",
      "settled 2 failed in doubt",
    ]);
    expect(states).toEqual(["failed", "written", "failed"]);
    const limited = await run(insertThree, created, { maxRequests: 1 });
    expect(limited.events.filter((line) => line.startsWith("settled"))).toEqual([
      "settled 0 written cus_1",
      "settled 1 failed",
      "settled 2 not tried",
    ]);
  });
});

describe("a journal that fails", () => {
  const fails = () => Promise.reject(new Error("disk full"));

  it("before anything is sent stops the write", async () => {
    for (const sql of [insertThree, updateThree, cancel]) {
      const { error, requests } = await run(sql, written, { journal: { begin: fails } });
      expect(error).toMatchObject({
        message: "the journal of writes could not be written",
        sqlState: "58030",
        detail: "Nothing was sent to Stripe. disk full",
      });
      expect(requests).toEqual([]);
    }
  });

  it("in between stops the write before the call that it could not keep", async () => {
    for (const parallelRequests of [1, 3]) {
      const begun: number[] = [];
      const settled: string[] = [];
      const journal: Partial<WriteJournal> = {
        sending: async ({ index }) => {
          if (index > 0) throw new Error("disk full");
          begun.push(index);
        },
        settled: async ({ index }, { state }) => void settled.push(`${index} ${state}`),
      };
      const options = { journal, parallelRequests };
      const { requests, states } = await run(updateThree, (request) => json({ id: idIn(request) }), options);
      expect(requests).toHaveLength(1);
      expect([...states].sort()).toEqual(
        parallelRequests === 1 ? ["failed", "not tried", "written"] : ["failed", "failed", "written"],
      );
      expect(settled).toHaveLength(3);
    }
  });

  it("at the end is told of", async () => {
    const { states, notices } = await run(insertThree, created, { journal: { ended: fails } });
    expect(states).toEqual(["written", "written", "written"]);
    expect(notices).toEqual(["the journal of writes may not know of all that was written: disk full"]);
  });

  it("after a call makes no failure of what was written, and is told of once", async () => {
    const { states, notices } = await run(insertThree, created, { journal: { settled: fails } });
    expect(states).toEqual(["written", "written", "written"]);
    expect(notices).toEqual(["the journal of writes does not know what became of 3 calls: disk full"]);
    expect((await run(cancel, written, { journal: { settled: fails } })).states).toEqual(["executed"]);
  });
});
