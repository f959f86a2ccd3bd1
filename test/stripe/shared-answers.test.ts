import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { canceledError } from "../../src/stripe/canceled-error.js";
import type { RequestScope } from "../../src/stripe/request-scope.js";
import { countRequest, requireRoom } from "../../src/stripe/request-scope.js";
import { SharedAnswers } from "../../src/stripe/shared-answers.js";
import type { RequestSender } from "../../src/stripe/stripe-client.js";
import type { StripeRequest } from "../../src/stripe/stripe-request.js";
import type { JsonObject } from "../../src/value/json.js";
import { errorOf, freshScope } from "../support/scripted-client.js";

interface Sent {
  readonly request: StripeRequest;
  readonly scope: RequestScope;
  readonly isGivenUp: () => boolean;
  answer(object: JsonObject): void;
  fail(error: Error): void;
}

/** A client that answers when it is told to. */
class ToldClient implements RequestSender {
  readonly sent: Sent[] = [];

  request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    requireRoom(scope, request);
    countRequest(scope);
    return new Promise((resolve, reject) => {
      scope.signal?.addEventListener("abort", () => reject(canceledError(scope.signal)));
      const isGivenUp = (): boolean => scope.signal?.aborted === true;
      this.sent.push({ request, scope, isGivenUp, answer: resolve, fail: reject });
    });
  }
}

const get = (path: string, changes: Partial<StripeRequest> = {}): StripeRequest => ({
  method: "GET",
  path,
  parameters: {},
  budget: "read",
  ...changes,
});
const post = (path: string): StripeRequest => ({ method: "POST", path, parameters: {}, budget: "write" });

function open() {
  const client = new ToldClient();
  const answers = new SharedAnswers();
  const ask = (request: StripeRequest, scope: RequestScope = freshScope()) => {
    const answer = answers.request(request, scope, client);
    answer.catch(() => undefined);
    return { scope, answer };
  };
  return { client, ask };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("requests that are alike and under way", () => {
  it("are one, which counts for the statement that asked first", async () => {
    const { client, ask } = open();
    const first = ask(get("/v1/customers"));
    const second = ask(get("/v1/customers"), freshScope({ maxRequests: 0 }));
    expect(client.sent).toHaveLength(1);
    client.sent[0]?.answer({ id: "a" });
    expect(await Promise.all([first.answer, second.answer])).toEqual([{ id: "a" }, { id: "a" }]);
    expect([first.scope.count, second.scope.count]).toEqual([1, 0]);
  });

  it("are read with the fields that any of them asks for, as long as the answer has not come", async () => {
    const { client, ask } = open();
    const fields = (...names: readonly string[]) => ({ fields: () => new Set(names) });
    ask(get("/v1/charges", fields("id")));
    ask(get("/v1/charges", fields("amount")));
    expect(client.sent).toHaveLength(1);
    expect(client.sent[0]?.request.fields?.()).toEqual(new Set(["id", "amount"]));
    ask(get("/v1/charges", fields("amount")));
    expect(client.sent).toHaveLength(1);
    ask(get("/v1/charges", fields("id", "status")));
    expect(client.sent).toHaveLength(2);
    ask(get("/v1/charges"));
    expect(client.sent).toHaveLength(2);
    expect(client.sent[1]?.request.fields?.()).toBeUndefined();
  });

  it("are two once the first was answered", async () => {
    const { client, ask } = open();
    const first = ask(get("/v1/customers"));
    client.sent[0]?.answer({});
    await first.answer;
    ask(get("/v1/customers"));
    expect(client.sent).toHaveLength(2);
  });

  it.each([
    ["path", get("/v1/charges")],
    ["parameters", get("/v1/customers", { parameters: { limit: 1 } })],
    ["account", get("/v1/customers", { accountId: "acct_1" })],
    ["host", get("/v1/customers", { apiBase: "files" })],
  ])("are two of another %s", (_, other) => {
    const { client, ask } = open();
    ask(get("/v1/customers"));
    ask(other);
    expect(client.sent).toHaveLength(2);
  });

  it("tell what Stripe wants told to all that wait, and to who comes later", async () => {
    const { client, ask } = open();
    const told: string[] = [];
    const scope = (name: string) => freshScope({ onNotice: (text) => told.push(`${name}: ${text}`) });
    ask(get("/v1/a"), scope("first"));
    ask(get("/v1/a"), scope("second"));
    client.sent[0]?.scope.onNotice?.("changed");
    ask(get("/v1/a"), scope("third"));
    expect(told).toEqual(["first: changed", "second: changed", "third: changed"]);
  });
});

describe("a statement that is canceled", () => {
  it("ends at once, and leaves the others theirs", async () => {
    const { client, ask } = open();
    const cancel = new AbortController();
    const first = ask(get("/v1/a"), freshScope({ signal: cancel.signal }));
    const second = ask(get("/v1/a"));
    cancel.abort();
    expect((await errorOf(first.answer)).sqlState).toBe(SqlState.queryCanceled);
    expect(client.sent[0]?.isGivenUp()).toBe(false);
    client.sent[0]?.answer({ id: "a" });
    expect(await second.answer).toEqual({ id: "a" });
  });

  it("leaves what further attempts cost to the next that waits", () => {
    const { client, ask } = open();
    const cancel = new AbortController();
    const first = ask(get("/v1/a"), freshScope({ signal: cancel.signal }));
    const second = ask(get("/v1/a"), freshScope({ maxRequests: 7 }));
    cancel.abort();
    return settle().then(() => {
      const [sent] = client.sent;
      if (sent !== undefined) countRequest(sent.scope);
      expect([first.scope.count, second.scope.count, sent?.scope.maxRequests]).toEqual([1, 1, 7]);
    });
  });

  it("gives the request up where it was the last to wait, and nobody shares it then", async () => {
    const { client, ask } = open();
    const [one, other] = [new AbortController(), new AbortController()];
    ask(get("/v1/a"), freshScope({ signal: one.signal }));
    ask(get("/v1/a", { signal: other.signal }));
    one.abort();
    other.abort();
    await settle();
    expect(client.sent[0]?.isGivenUp()).toBe(true);
    const next = ask(get("/v1/a"));
    client.sent[1]?.answer({ id: "b" });
    expect(await next.answer).toEqual({ id: "b" });
  });

  it("sends nothing where it was canceled before", async () => {
    const { client, ask } = open();
    const { answer } = ask(get("/v1/a"), freshScope({ signal: AbortSignal.abort() }));
    expect((await errorOf(answer)).sqlState).toBe(SqlState.queryCanceled);
    expect(client.sent).toHaveLength(0);
  });
});

describe("a failure", () => {
  it("is the first statement's alone: the others ask for themselves, within their own bounds", async () => {
    const { client, ask } = open();
    const first = ask(get("/v1/a"));
    const second = ask(get("/v1/a"));
    const third = ask(get("/v1/a"), freshScope({ maxRequests: 0 }));
    client.sent[0]?.fail(new StripeSqlError("upstream", { sqlState: SqlState.upstreamError, phase: "stripe" }));
    expect((await errorOf(first.answer)).sqlState).toBe(SqlState.upstreamError);
    expect((await errorOf(third.answer)).sqlState).toBe(SqlState.configurationLimitExceeded);
    await settle();
    client.sent[1]?.answer({ id: "a" });
    expect(await second.answer).toEqual({ id: "a" });
    expect(second.scope.count).toBe(1);
  });

  it("of a statement that may send no more is not the others'", async () => {
    const { client, ask } = open();
    const first = ask(get("/v1/a"), freshScope({ maxRequests: 0 }));
    const second = ask(get("/v1/a"));
    expect((await errorOf(first.answer)).sqlState).toBe(SqlState.configurationLimitExceeded);
    await settle();
    client.sent[0]?.answer({ id: "a" });
    expect(await second.answer).toEqual({ id: "a" });
  });
});

describe("a change", () => {
  it("is sent each time, and ends the sharing of what was asked before it", () => {
    const { client, ask } = open();
    ask(get("/v1/a"));
    ask(post("/v1/a"));
    ask(post("/v1/a"));
    ask(get("/v1/a"));
    expect(client.sent).toHaveLength(4);
  });

  it("ends the sharing of what was asked while it was under way, once it is done", async () => {
    const { client, ask } = open();
    const change = ask(post("/v1/a"));
    ask(get("/v1/a"));
    ask(get("/v1/a"));
    expect(client.sent).toHaveLength(2);
    client.sent[0]?.answer({});
    await change.answer;
    ask(get("/v1/a"));
    expect(client.sent).toHaveLength(3);
  });
});

type Step =
  | { readonly kind: "ask"; readonly path: string; readonly room: number | undefined }
  | { readonly kind: "change" }
  | { readonly kind: "answer" | "fail" | "cancel"; readonly which: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("ask" as const),
      path: fc.constantFrom("/v1/a", "/v1/b"),
      room: fc.option(fc.nat(2), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant("change" as const) }),
    fc.record({ kind: fc.constantFrom("answer" as const, "fail" as const, "cancel" as const), which: fc.nat(20) }),
  ),
  { maxLength: 40 },
);

/** Statements and changes over a client whose answers tell how many changes they have seen. */
class Interleaving {
  readonly #client = new ToldClient();
  readonly #answers = new SharedAnswers();
  readonly #settled = new Set<Sent>();
  /** Changes that were done when a request was sent: what its answer shows at least. */
  readonly #seenBy = new Map<Sent, number>();
  readonly asked: AskedStatement[] = [];
  #changesDone = 0;

  get reads(): number {
    return this.#client.sent.filter(({ request }) => request.method === "GET").length;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === "ask") this.#ask(step);
    else if (step.kind === "change") this.#send(post("/v1/a"), freshScope());
    else if (step.kind === "cancel") this.asked[step.which % Math.max(1, this.asked.length)]?.cancel.abort();
    else this.#finish(this.#open[step.which % Math.max(1, this.#open.length)], step.kind === "fail");
    await settle();
    for (const sent of this.#client.sent) if (!this.#seenBy.has(sent)) this.#seenBy.set(sent, this.#changesDone);
  }

  async takeAllAnswers(): Promise<void> {
    while (this.#open.length > 0) await this.take({ kind: "answer", which: 0 });
  }

  get #open(): readonly Sent[] {
    return this.#client.sent.filter((sent) => !this.#settled.has(sent));
  }

  #ask({ path, room }: Extract<Step, { kind: "ask" }>): void {
    const cancel = new AbortController();
    const scope = freshScope({ signal: cancel.signal, maxRequests: room });
    this.asked.push({ scope, cancel, changesBefore: this.#changesDone, answer: this.#send(get(path), scope) });
  }

  #send(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    const answer = this.#answers.request(request, scope, this.#client);
    answer.catch(() => undefined);
    return answer;
  }

  #finish(sent: Sent | undefined, isFailing: boolean): void {
    if (sent === undefined) return;
    this.#settled.add(sent);
    if (isFailing) sent.fail(new StripeSqlError("down", { sqlState: SqlState.upstreamError, phase: "stripe" }));
    else sent.answer({ changes: this.#seenBy.get(sent) ?? 0 });
    if (sent.request.method === "POST" && !isFailing) this.#changesDone += 1;
  }
}

interface AskedStatement {
  readonly scope: RequestScope;
  readonly cancel: AbortController;
  readonly changesBefore: number;
  readonly answer: Promise<JsonObject>;
}

async function expectOwnEnd({ scope, cancel, changesBefore, answer }: AskedStatement): Promise<void> {
  expect(scope.count).toBeLessThanOrEqual(scope.maxRequests ?? Number.POSITIVE_INFINITY);
  const result = await answer.catch((error: unknown) => error);
  if (!(result instanceof StripeSqlError)) {
    expect((result as { changes: number }).changes).toBeGreaterThanOrEqual(changesBefore);
    return;
  }
  const isCanceled = result.sqlState === SqlState.queryCanceled;
  if (isCanceled) expect(cancel.signal.aborted).toBe(true);
  else expect(scope.count > 0 || scope.maxRequests === 0, result.message).toBe(true);
}

it("whatever comes between, each statement has an answer that is no older than the changes before it", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const interleaving = new Interleaving();
      for (const step of script) await interleaving.take(step);
      await interleaving.takeAllAnswers();
      for (const statement of interleaving.asked) await expectOwnEnd(statement);
      const counted = interleaving.asked.reduce((sum, { scope }) => sum + scope.count, 0);
      expect(counted).toBe(interleaving.reads);
    }),
    { numRuns: 300 },
  );
});
