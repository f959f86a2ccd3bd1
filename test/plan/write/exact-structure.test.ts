import { describe, expect, it } from "vitest";
import { exactStructure } from "../../../src/plan/write/exact-structure.js";
import { tableNamed } from "../../support/planning.js";

/** What is sent so that a field of a table holds `wanted` where it holds `current`. */
function exact(name: string, [wanted, current]: readonly [object | null, unknown], schema: "stripe" | "v2" = "stripe") {
  const parameters = tableNamed(name.split(".")[0] ?? "", schema).update?.parameters ?? [];
  const parameter = parameters.find((candidate) => candidate.name === name.split(".")[1]);
  if (parameter === undefined) throw new Error(`no parameter ${name}`);
  const unset = schema === "v2" ? null : "";
  return exactStructure(wanted as null, current, { parameter, parameters, unset, onlyChanges: false });
}

describe("an exact set of keys", () => {
  it("empties each key that is no more, and all of them at once where none is left", () => {
    expect(exact("Customer.Metadata", [{ c: "3" }, { a: "1", c: "2" }])).toEqual({
      value: { a: "", c: "3" },
      keeps: [],
    });
    expect(exact("Customer.Metadata", [{}, { a: "1" }])).toEqual({ value: "", keeps: [] });
    expect(exact("Customer.Metadata", [{ a: "1" }, null])).toEqual({ value: { a: "1" }, keeps: [] });
  });

  it("in a body of JSON takes null for each key, of which API v2 has none for all", () => {
    expect(exact("Account.Metadata", [{ c: "3" }, { a: "1" }], "v2")).toEqual({
      value: { a: null, c: "3" },
      keeps: [],
    });
    expect(exact("Account.Metadata", [{}, { a: "1", b: "2" }], "v2")).toEqual({
      value: { a: null, b: null },
      keeps: [],
    });
    expect(exact("Account.Metadata", [null, {}], "v2")).toEqual({ value: undefined, keeps: [] });
  });

  it("of a structure empties what the object holds, and names what cannot be emptied", () => {
    const settings = { footer: "Thanks", custom_fields: [{ name: "a", value: "b" }], default_payment_method: "pm_1" };
    expect(exact("Customer.InvoiceSettings", [{ footer: "Bye" }, settings])).toEqual({
      value: { custom_fields: "", default_payment_method: "", footer: "Bye" },
      keeps: [],
    });
    expect(exact("Customer.CashBalance", [{}, { settings: { reconciliation_mode: "manual" } }])).toEqual({
      value: "",
      keeps: [],
    });
    expect(
      exact("Customer.CashBalance", [{ other: 1 }, { settings: { reconciliation_mode: "manual" }, livemode: false }]),
    ).toEqual({ value: { other: 1 }, keeps: ["CashBalanceSettingsReconciliationMode"] });
  });
});
