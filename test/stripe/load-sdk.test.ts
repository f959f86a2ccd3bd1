import { createRequire } from "node:module";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { loadSdk } from "../../src/stripe/load-sdk.js";

describe("the SDK that requests are sent with", () => {
  it("is the one at hand where that is of the installed version, or no version is asked for", async () => {
    expect(await loadSdk(Stripe.PACKAGE_VERSION)).toBe(Stripe);
    expect(await loadSdk(undefined)).toBe(Stripe);
  });

  it("is the installed one where that is another", async () => {
    expect(await loadSdk("22.0.0")).toBe(createRequire(import.meta.url)("stripe"));
    expect(await loadSdk("22.0.0")).not.toBe(Stripe);
  });
});
