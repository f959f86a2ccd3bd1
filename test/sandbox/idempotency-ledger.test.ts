import { describe, expect, it } from "vitest";
import type { KeyedRequest } from "../../src/sandbox/idempotency-ledger.js";
import { IdempotencyLedger } from "../../src/sandbox/idempotency-ledger.js";

const hour = 3600;

/** What a request is answered that comes again so much later; undefined where it is carried out anew. */
function repeated(request: Partial<KeyedRequest>, status: number, hours: number): number | undefined {
  let now = 0;
  const ledger = new IdempotencyLedger(() => now);
  const keyed: KeyedRequest = { account: "", key: "k", fingerprint: "f", version: "v1", ...request };
  ledger.begin(keyed);
  ledger.settle(keyed, { status, body: "", headers: {} });
  now = hours * hour;
  return ledger.begin(keyed)?.status;
}

describe("the ledger of idempotency keys", () => {
  it("keeps an answer of API v1 for a day", () => {
    expect(repeated({}, 200, 23)).toBe(200);
    expect(repeated({}, 200, 24)).toBeUndefined();
  });

  it("keeps one of API v2 for thirty days", () => {
    expect(repeated({ version: "v2" }, 200, 29 * 24)).toBe(200);
    expect(repeated({ version: "v2" }, 200, 30 * 24)).toBeUndefined();
  });

  it("repeats what failed in API v1, and tries it again in API v2", () => {
    for (const status of [400, 402, 404, 500]) {
      expect(repeated({}, status, 1)).toBe(status);
      expect(repeated({ version: "v2" }, status, 1)).toBeUndefined();
    }
  });

  it("keeps neither a conflict nor a refusal for the rate", () => {
    expect(repeated({}, 409, 1)).toBeUndefined();
    expect(repeated({}, 429, 1)).toBeUndefined();
  });
});
