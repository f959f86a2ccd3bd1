import { describe, expect, it } from "vitest";
import { negotiateVersion } from "../../src/protocol/negotiate-version.js";

const startup = (minorVersion: number, options: readonly string[] = []) => ({
  ...({ kind: "startup", minorVersion, user: "a", database: "a", parameters: new Map() } as const),
  protocolOptions: new Map(options.map((option) => [option, "on"])),
});

describe("the version of the protocol", () => {
  it("is the client's where it is known here", () => {
    expect(negotiateVersion(startup(0))).toEqual({ minorVersion: 0, differs: false, unknownOptions: [] });
    expect(negotiateVersion(startup(2))).toEqual({ minorVersion: 2, differs: false, unknownOptions: [] });
  });

  it("is the newest known one where the client asks for a later one", () => {
    expect(negotiateVersion(startup(9999))).toEqual({ minorVersion: 2, differs: true, unknownOptions: [] });
  });

  it("is told to a client that asks for options", () => {
    const negotiated = { minorVersion: 0, differs: true, unknownOptions: ["_pq_.a", "_pq_.b"] };
    expect(negotiateVersion(startup(0, ["_pq_.a", "_pq_.b"]))).toEqual(negotiated);
  });
});
