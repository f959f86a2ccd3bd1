import { describe, expect, it } from "vitest";
import { laneOfCall } from "../../../src/execute/write/lane-of-call.js";
import type { WriteCall } from "../../../src/execute/write/write-call.js";

const call = (path: string, endpointPath: string, accountId?: string): WriteCall => ({
  ...{ statement: "key", index: 0, method: "POST", parameters: {}, id: undefined, idempotencyKey: undefined },
  ...{ path, endpointPath, accountId },
});

describe("the lane of a call", () => {
  it("is that of the object in its path, whatever is done to it", () => {
    const update = laneOfCall(call("/v1/invoices/in_1", "/v1/invoices/{invoice}"));
    expect(laneOfCall(call("/v1/invoices/in_1/pay", "/v1/invoices/{invoice}/pay"))).toBe(update);
    expect(laneOfCall(call("/v1/invoices/in_2", "/v1/invoices/{invoice}"))).not.toBe(update);
  });

  it("is the parent's for what is within one", () => {
    const [one, other] = ["txi_1", "txi_2"].map((id) =>
      laneOfCall(call(`/v1/customers/cus_1/tax_ids/${id}`, "/v1/customers/{customer}/tax_ids/{id}")),
    );
    expect(one).toBe(other);
    expect(one).toBe(laneOfCall(call("/v1/customers/cus_1", "/v1/customers/{customer}")));
  });

  it("is none for what is still to be made", () => {
    expect(laneOfCall(call("/v1/customers", "/v1/customers"))).toBeUndefined();
    expect(laneOfCall({ ...call("/v1/customers", ""), endpointPath: undefined })).toBeUndefined();
  });

  it("is another in another account", () => {
    const [own, other] = [undefined, "acct_1"].map((account) =>
      laneOfCall(call("/v1/customers/cus_1", "/v1/customers/{customer}", account)),
    );
    expect(own).not.toBe(other);
  });
});
