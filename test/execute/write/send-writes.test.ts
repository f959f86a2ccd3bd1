import { describe, expect, it } from "vitest";
import type { WriteEndpoint } from "../../../src/catalog/catalog.js";
import type { WriteReport } from "../../../src/execute/write/send-writes.js";
import { sendWrites } from "../../../src/execute/write/send-writes.js";
import type { WriteRequest } from "../../../src/plan/write/write-plan.js";
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
  const context = statementContext(client, { scope: freshScope({ maxRequests: options.maxRequests }) });
  const { parallel = 1, missingIsNoMatch = false } = options;
  const report = await sendWrites(ids.map(updateOf), { ...customers, parallel, missingIsNoMatch }, context);
  return { report, sent: server.requests.map(idIn) };
}

const states = ({ outcomes }: WriteReport): readonly string[] => outcomes.map(({ id, state }) => `${id} ${state}`);

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
  it("go one by one in the statement's order where they are not parallel", async () => {
    expect((await send(written)).sent).toEqual(ids);
  });

  it("are each sent once and told of in order, however many are under way", async () => {
    const { report, sent } = await send(written, { parallel: 3 });
    expect([...sent].sort()).toEqual(ids);
    expect(states(report)).toEqual(ids.map((id) => `${id} written`));
    expect(report.objects.map(({ id }) => id)).toEqual(ids);
  });
});
