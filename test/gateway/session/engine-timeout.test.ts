import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({ engineTimeoutMs: 1000 });

describe("a statement", () => {
  it("is ended that keeps the one PostgreSQL to itself for too long", async () => {
    expect(await gateway.failure("SELECT count(*) FROM generate_series(1, 2000000000)")).toMatchObject({
      code: "57014",
      message: "canceling statement due to engine timeout",
      detail: "It had the PostgreSQL that all clients share for 1 s.",
      hint: "Have it read or compute less, or serve with a higher --engine-timeout.",
    });
  });

  it("may fetch from Stripe for longer than that", async () => {
    gateway.sandbox.faults.add({ path: "/v1/customers", effect: { kind: "delay", milliseconds: 1500 } });
    expect((await gateway.query("SELECT count(email) > 0 AS any FROM customers")).rows).toEqual([{ any: true }]);
  });
});
