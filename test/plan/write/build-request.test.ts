import { describe, expect, it } from "vitest";
import type { WriteEndpoint } from "../../../src/catalog/catalog.js";
import { buildRequest } from "../../../src/plan/write/build-request.js";
import type { Slot } from "../../../src/plan/write/write-plan.js";
import { utc } from "../../../src/value/time-zone.js";
import { tableNamed } from "../../support/planning.js";

function updateEndpoint(): WriteEndpoint {
  const endpoint = tableNamed("Customer").update;
  if (endpoint === undefined) throw new Error("customers are not updated");
  return endpoint;
}

const reading = { nowSeconds: 0, zone: utc };

describe("a write's request", () => {
  const endpoint = updateEndpoint();
  const key: Slot = { kind: "key", placeholder: "customer", name: "Id" };
  const parameterNamed = (name: string): Slot => {
    const parameter = endpoint.parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) throw new Error(`no parameter ${name}`);
    return { kind: "parameter", parameter };
  };

  it.each([null, undefined, "", ".", "..", true])("is not made with %j for an id", (id) => {
    expect(() => buildRequest({ endpoint, slots: [key], isOfObject: true, reading }, [id])).toThrow(
      /^"Id" takes an id, not /,
    );
  });

  it("has its values where they belong", () => {
    const slots = [key, parameterNamed("Email"), parameterNamed("AddressCity"), { kind: "account" } as const];
    expect(buildRequest({ endpoint, slots, isOfObject: true, reading }, ["cus/1", "a@b.c", "Paris", "acct_1"])).toEqual(
      {
        endpoint,
        path: "/v1/customers/cus%2F1",
        parameters: { email: "a@b.c", address: { city: "Paris" } },
        accountId: "acct_1",
        id: "cus/1",
      },
    );
  });

  it("leaves NULL out of a new object, and unsets it in one that is there", () => {
    const slots = [key, parameterNamed("Email")];
    const built = (isOfObject: boolean) => buildRequest({ endpoint, slots, isOfObject, reading }, ["a", null]);
    expect(built(false).parameters).toEqual({});
    expect(built(true).parameters).toEqual({ email: null });
  });

  it("names no object where its path has only the new one's parent", () => {
    expect(buildRequest({ endpoint, slots: [key], isOfObject: false, reading }, ["cus_1"])).toMatchObject({
      path: "/v1/customers/cus_1",
      id: undefined,
    });
  });
});
