import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClientReport } from "../support/client-report.js";
import { reportOf } from "../support/client-report.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
let report: ClientReport;

beforeAll(async () => {
  shop.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "stall" } });
  const pgx = {
    program: fileURLToPath(new URL("../../.clients/go/pgx-client", import.meta.url)),
    install: "bash test/clients/install.sh, which builds it with Go",
  };
  report = await reportOf(pgx, [shop.url()], {});
});

const count = async (table: string) =>
  Number((await shop.driver(`SELECT count(*) AS Count FROM ${table}`))[0]?.["Count"]);

describe.each(["cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"])(
  "pgx, which sends statements by %s",
  (mode) => {
    it("gets the rows that the driver gives, as values of Go's types", async () => {
      const own = await shop.driver(
        "SELECT Id, Created, Balance, Livemode, Metadata, Email FROM Customer WHERE Balance >= 0 ORDER BY Id LIMIT 20",
      );
      const spelled = (value: unknown) => (value instanceof Date ? value.toISOString().replace(".000Z", "Z") : value);
      expect(report.get(`${mode} rows`)).toEqual(own.map((row) => Object.values(row).map(spelled)));
    });

    it("binds parameters, NULL and lists among them", async () => {
      expect(report.get(`${mode} parameters`)).toEqual([1, 0, await count("Product")]);
    });

    it("sends a batch, and goes on after one that failed", async () => {
      const products = await count("Product");
      expect(report.get(`${mode} batch`)).toEqual([0, 1, 2, 3].flatMap((number) => [number, products]));
      // By the simple protocol the batch is one text.
      expect(report.get(`${mode} failed batch`)).toEqual([["42703", mode === "simple_protocol" ? 18 : 8], 7]);
    });

    it("nests transactions, and keeps one that only reads from writing", async () => {
      expect(report.get(`${mode} transaction`)).toEqual([["22012", 0], await count("Product"), ["25006", 0]]);
    });

    it("writes with RETURNING and counts", () => {
      expect(report.get(`${mode} written`)).toEqual(["cus_", "UPDATE 1", "DELETE 1"]);
    });

    it("goes on after DISCARD ALL, which drops what it has prepared", async () => {
      const active = await count("Product WHERE Active");
      const first = mode === "cache_statement" ? ["26000", 0] : "goes on";
      expect(report.get(`${mode} after DISCARD ALL`)).toEqual([active, first, active]);
    });
  },
);

describe("pgx", () => {
  it("is told a statement's types, and a table's", () => {
    expect(report.get("described")).toEqual([[1184, 25], 25, 20]);
    expect(report.get("row type")).toBe("stripe.customers");
  });

  it("writes and reads a map as metadata", () => {
    expect(report.get("metadata written")).toEqual({ team: "a" });
  });

  it("copies rows out, and is told that none are copied in", async () => {
    const own = await shop.driver("SELECT Id FROM Customer ORDER BY Id LIMIT 3");
    expect(report.get("copied")).toEqual(["COPY 3", own.map((row) => row["Id"])]);
    expect(report.get("copied in")).toEqual([["0A000", 0], 7]);
  });

  it("is told what is wrong, by SQLSTATE and place", () => {
    expect(report.get("errors")).toEqual([
      ...[
        ["42703", 8],
        ["42601", 13],
        ["22012", 0],
      ],
    ]);
  });

  it("shares a pool among many goroutines, and serves database/sql", async () => {
    expect(report.get("pool")).toBe("each its own");
    expect(report.get("database/sql")).toBe(await count("Product WHERE Active"));
  });

  it("gives up with its context", () => {
    expect(report.get("canceled")).toBe(true);
  });
});
