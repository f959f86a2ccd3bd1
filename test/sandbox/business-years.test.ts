import { afterEach, describe, expect, it, vi } from "vitest";
import { sandboxClock } from "../../src/sandbox/sandbox-clock.js";
import { businessYears } from "../../src/sandbox/seed/business-years.js";

describe("the seeded two years", () => {
  it("end with the day before the clock's", () => {
    const { startSeconds, endSeconds } = businessYears(Date.UTC(2027, 2, 5, 17, 30) / 1000);
    expect(new Date(startSeconds * 1000).toISOString()).toBe("2025-03-05T00:00:00.000Z");
    expect(new Date(endSeconds * 1000).toISOString()).toBe("2027-03-05T00:00:00.000Z");
  });
});

describe("the sandbox's clock", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is this machine's where the environment names no moment", () => {
    vi.stubEnv("STRIPE_SQL_SANDBOX_START", "");
    const before = Math.floor(Date.now() / 1000);
    expect(sandboxClock()()).toBeGreaterThanOrEqual(before);
  });

  it("starts at the moment that the environment names", () => {
    vi.stubEnv("STRIPE_SQL_SANDBOX_START", "2030-01-01T00:00:00Z");
    expect(sandboxClock()()).toBe(Date.UTC(2030, 0, 1) / 1000);
  });

  it("refuses a moment that is none", () => {
    vi.stubEnv("STRIPE_SQL_SANDBOX_START", "soon");
    expect(() => sandboxClock()).toThrow("STRIPE_SQL_SANDBOX_START must be a moment in ISO 8601");
  });
});
