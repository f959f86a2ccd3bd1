import { TestClocks } from "../../src/execute/scan/test-clocks.js";
import type { StatementContext } from "../../src/execute/statement-context.js";
import { noJournal } from "../../src/execute/write/write-journal.js";
import { noStatistics } from "../../src/plan/cost/statistics.js";
import type { RequestSender } from "../../src/stripe/stripe-client.js";
import { freshScope } from "./scripted-client.js";

/** A statement under way over a client, without a local engine. */
export function statementContext(client: RequestSender, changes: Partial<StatementContext> = {}): StatementContext {
  return {
    client,
    engine: () => Promise.reject(new Error("no local engine is needed here")),
    storedRows: (name) => {
      throw new Error(`no temp table ${name} is needed here`);
    },
    scope: freshScope(),
    pace: () => ({ requestsPerSecond: undefined, latencyMs: undefined, parallelRequests: undefined }),
    statistics: noStatistics,
    timeZone: "UTC",
    parameters: [],
    idempotencyKey: undefined,
    journal: noJournal,
    wholeObjects: false,
    wholeRows: false,
    accountId: undefined,
    testClocks: new TestClocks({ areRead: () => false, startsEmpty: false }),
    onRows: () => undefined,
    notice: () => undefined,
    recordRows: () => undefined,
    learn: () => undefined,
    doubt: () => false,
    ...changes,
  };
}
