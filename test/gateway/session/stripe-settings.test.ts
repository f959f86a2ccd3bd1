import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({}, {}, { maxRequests: 500 });

describe("what a session sets of its connection", () => {
  it("limits the requests of a statement, until it is reset", async () => {
    const client = await gateway.connect();
    const shown = async () => (await client.query("SHOW stripe.max_requests")).rows[0]?.["stripe.max_requests"];
    expect(await shown()).toBe("500");
    await client.query("SET stripe.max_requests = 2");
    expect(await shown()).toBe("2");
    await expect(client.query("SELECT count(*) FROM charges")).rejects.toMatchObject({ code: "53400" });
    await client.query("BEGIN; SET LOCAL stripe.max_requests TO 400");
    expect(await shown()).toBe("400");
    expect((await client.query("SELECT count(*) FROM charges")).rowCount).toBe(1);
    await client.query("COMMIT");
    expect(await shown()).toBe("2");
    await client.query("RESET stripe.max_requests");
    expect(await shown()).toBe("500");
    const strict = await gateway.connect({ options: "-c stripe.max_requests=1" });
    await expect(strict.query("SELECT count(*) FROM charges")).rejects.toMatchObject({ code: "53400" });
  });

  it("is never more than the connection allows, and nothing that there is not", async () => {
    expect(await gateway.failure("SET stripe.max_requests = 501")).toMatchObject({
      code: "22023",
      hint: "It must be a whole number from 1 to 500, which is the connection's own limit.",
    });
    expect(await gateway.failure("SET stripe.max_requests = 'none'")).toMatchObject({ code: "22023" });
    expect(await gateway.failure("SET stripe.max_request = 5")).toMatchObject({
      code: "42704",
      message: 'unrecognized configuration parameter "stripe.max_request"',
      hint: expect.stringContaining("stripe.max_requests"),
    });
    await expect(gateway.connect({ options: "-c stripe.nothing=1" })).rejects.toMatchObject({ code: "42704" });
    expect(await gateway.failure("SHOW stripe.nothing")).toMatchObject({ code: "42704" });
  });

  it("tells which engine answers", async () => {
    expect((await gateway.query("SHOW stripe.engine")).rows).toEqual([{ "stripe.engine": "postgres" }]);
    expect((await gateway.query("SELECT current_setting('stripe.engine') AS engine")).rows).toEqual([
      { engine: "postgres" },
    ]);
    expect(await gateway.failure("SET stripe.engine = 'sqlite'")).toMatchObject({ code: "22023" });
  });
});
