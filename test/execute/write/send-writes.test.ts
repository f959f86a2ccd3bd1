import { describe, expect, it } from "vitest";
import type { WriteEndpoint } from "../../../src/catalog/catalog.js";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { WriteReport } from "../../../src/execute/write/send-writes.js";
import { sendWrites } from "../../../src/execute/write/send-writes.js";
import type { WriteRequest } from "../../../src/plan/write/write-plan.js";
import type { RequestSender } from "../../../src/stripe/stripe-client.js";
import { tableNamed } from "../../support/planning.js";
import { freshScope, json, openScriptedClient, refusal } from "../../support/scripted-client.js";
import type { Answer, RecordedRequest } from "../../support/scripted-server.js";
import { statementContext } from "../../support/statement-context.js";

function updateEndpoint(): WriteEndpoint {
  const endpoint = tableNamed("Customer").update;
  if (endpoint === undefined) throw new Error("customers are not updated");
  return endpoint;
}

function updateOf(id: string): WriteRequest {
  return {
    endpoint: updateEndpoint(),
    path: `/v1/customers/${id}`,
    parameters: { name: "x" },
    accountId: undefined,
    id,
  };
}

const ids = ["a", "b", "c", "d"];
const idIn = ({ path }: RecordedRequest): string => path.split("/").at(-1) ?? "";
const written = (request: RecordedRequest): Answer => json({ id: idIn(request), object: "customer" });

interface Sending {
  readonly parallel?: number;
  readonly missingIsNoMatch?: boolean;
  readonly maxRequests?: number;
}

const customers = { kind: "update", name: "Customer", schema: "stripe", answersHaveIds: true } as const;

async function send(answer: (request: RecordedRequest) => Answer, options: Sending = {}) {
  const { client, server } = await openScriptedClient(answer);
  const pace = () => paceOf(options.parallel);
  const context = statementContext(client, { scope: freshScope({ maxRequests: options.maxRequests }), pace });
  const subject = { ...customers, missingIsNoMatch: options.missingIsNoMatch ?? false };
  const report = await sendWrites(ids.map(updateOf), { subject, answersAreWanted: true }, context);
  return { report, sent: server.requests.map(idIn) };
}

const paceOf = (parallelRequests: number | undefined) => ({
  ...{ requestsPerSecond: undefined, latencyMs: undefined, parallelRequests },
});

const states = ({ outcomes }: WriteReport): readonly string[] => outcomes.map(({ id, state }) => `${id} ${state}`);

/** Answers when the test says so. */
function heldClient() {
  const begun: string[] = [];
  const waiting = new Map<string, { readonly answer: () => void; readonly fail: (error: Error) => void }>();
  const client: RequestSender = {
    request: ({ path }) => {
      const id = path.split("/").at(-1) ?? "";
      begun.push(id);
      return new Promise((resolve, reject) => waiting.set(id, { answer: () => resolve({ id }), fail: reject }));
    },
  };
  const answer = async (id: string, before = () => {}) => {
    await settled();
    before();
    waiting.get(id)?.answer();
    await settled();
  };
  const fail = async (id: string, error: Error) => {
    waiting.get(id)?.fail(error);
    await settled();
  };
  return { client, begun, answer, fail };
}

/** Whatever follows without another answer has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a write that fails", () => {
  it("does not hide the others, each told of in its place", async () => {
    const { report } = await send((request) =>
      idIn(request) === "b" ? refusal(400, { code: "bad" }) : written(request),
    );
    expect(states(report)).toEqual(["a written", "b failed", "c written", "d written"]);
    expect(report.objects.map(({ id }) => id)).toEqual(["a", "c", "d"]);
  });

  it("with a key that is refused ends the writing: the others would fail alike", async () => {
    const { report, sent } = await send((request) => (idIn(request) === "b" ? refusal(401, {}) : written(request)));
    expect(states(report)).toEqual(["a written", "b failed", "c not tried", "d not tried"]);
    expect(sent).toEqual(["a", "b"]);
  });

  it("for want of a connection ends the writing: the others would fail alike", async () => {
    const { report, sent } = await send((request) => (idIn(request) === "b" ? { kind: "cut" } : written(request)));
    expect(states(report)).toEqual(["a written", "b failed", "c not tried", "d not tried"]);
    expect(sent).toEqual(["a", "b", "b", "b"]);
  });

  it("past the statement's requests leaves the rest untried", async () => {
    const { report, sent } = await send(written, { maxRequests: 2 });
    expect(states(report)).toEqual(["a written", "b written", "c failed", "d not tried"]);
    expect(sent).toEqual(["a", "b"]);
  });

  it("to an object that is not there is no match only where that was asked for", async () => {
    const missing = (request: RecordedRequest) =>
      idIn(request) === "b" ? refusal(404, { code: "resource_missing" }) : written(request);
    expect(states((await send(missing, { missingIsNoMatch: true })).report)).toEqual([
      "a written",
      "c written",
      "d written",
    ]);
    expect(states((await send(missing)).report)).toContain("b failed");
  });
});

describe("writes", () => {
  it("go one by one in the statement's order where nothing tells how many a server can bear", async () => {
    expect((await send(written)).sent).toEqual(ids);
  });

  it("go side by side as the rate and the answers' time call for, as it is then", async () => {
    const { client, begun, answer } = heldClient();
    let latencyMs: number | undefined;
    const pace = () => ({ requestsPerSecond: 20, latencyMs, parallelRequests: undefined });
    const subject = { ...customers, missingIsNoMatch: false };
    const sending = { subject, answersAreWanted: false };
    const report = sendWrites(ids.map(updateOf), sending, statementContext(client, { pace }));
    await answer("a", () => {
      latencyMs = 100;
    });
    expect(begun).toEqual(["a", "b", "c", "d"]);
    for (const id of ["d", "c", "b"]) await answer(id);
    expect(states(await report)).toEqual(ids.map((id) => `${id} written`));
    expect((await report).objects).toEqual([]);
  });

  it("of one object never meet, and come in the statement's order", async () => {
    const { client, begun, answer } = heldClient();
    const context = statementContext(client, { pace: () => paceOf(3) });
    const subject = { ...customers, missingIsNoMatch: false };
    const report = sendWrites(["a", "a", "b", "a"].map(updateOf), { subject, answersAreWanted: true }, context);
    await settled();
    expect(begun).toEqual(["a", "b"]);
    await answer("a");
    await answer("a");
    expect(begun).toEqual(["a", "b", "a", "a"]);
    await answer("b");
    await answer("a");
    expect(states(await report)).toEqual(["a written", "a written", "b written", "a written"]);
  });

  it("begin no more after a failure that all would meet, and what is under way is told of as it ends", async () => {
    const { client, begun, answer, fail } = heldClient();
    const context = statementContext(client, { pace: () => paceOf(2) });
    const subject = { ...customers, missingIsNoMatch: false };
    const report = sendWrites(ids.map(updateOf), { subject, answersAreWanted: true }, context);
    await settled();
    await fail("a", new StripeSqlError("refused", { sqlState: SqlState.invalidAuthorization, phase: "stripe" }));
    await answer("b");
    expect(begun).toEqual(["a", "b"]);
    expect(states(await report)).toEqual(["a failed", "b written", "c not tried", "d not tried"]);
  });

  it("are each sent once and told of in order, however many are under way", async () => {
    const { report, sent } = await send(written, { parallel: 3 });
    expect([...sent].sort()).toEqual(ids);
    expect(states(report)).toEqual(ids.map((id) => `${id} written`));
    expect(report.objects.map(({ id }) => id)).toEqual(ids);
  });
});
