import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { openStatistics } from "../../src/store/statistics-store.js";
import type { ListedPart } from "../../src/value/list-facts.js";
import { testFolder } from "../support/folder.js";

const charges = { schema: "stripe", table: "Charge", account: "" };
const listed = (name: string) => ({ kind: "listed", name }) as const;
const part = (rows: number, minimum?: number): ListedPart => ({
  created: { minimum, maximum: undefined },
  rows,
  spreads: { created: { values: [900, 100], ranks: [1, rows] } },
  distinct: { Customer: { rows, distinct: 7 } },
  shares: { Status: { failed: 3 } },
  embedded: {},
});
const learned = (...parts: readonly ListedPart[]) => ({ fact: { parts }, isPassing: false });

describe("what lists held", () => {
  test("is remembered from one opening to the next", () => {
    const folder = testFolder().path;
    const first = openStatistics(folder);
    first.learn(charges, listed("/v1/charges?"), learned(part(40)));
    first.close();
    const second = openStatistics(folder);
    expect(second.fact(charges, listed("/v1/charges?"))).toEqual({ parts: [part(40)] });
    expect(second.fact({ ...charges, account: "acct_1" }, listed("/v1/charges?"))).toBeUndefined();
    expect(second.fact(charges, listed("/v1/charges?x=1"))).toBeUndefined();
    second.close();
  });

  test("is the same object as long as nothing else is learned, so that plans that went by it are kept", () => {
    const statistics = openStatistics(testFolder().path);
    statistics.learn(charges, listed("a"), learned(part(40)));
    const fact = statistics.fact(charges, listed("a"));
    statistics.learn(charges, listed("a"), learned(part(40)));
    expect(statistics.fact(charges, listed("a"))).toBe(fact);
    statistics.learn(charges, listed("a"), learned(part(41)));
    expect(statistics.fact(charges, listed("a"))).not.toBe(fact);
    statistics.close();
  });

  test("that is told apart by what names data never reaches the file", () => {
    const folder = testFolder().path;
    const statistics = openStatistics(folder);
    statistics.learn(charges, listed("/v1/charges?customer=cus_secret"), { ...learned(part(2)), isPassing: true });
    expect(statistics.fact(charges, listed("/v1/charges?customer=cus_secret"))).toBeDefined();
    statistics.close();
    const file = new Database(join(folder, "statistics.sqlite"));
    expect(file.prepare("SELECT * FROM list_fact_1").all()).toEqual([]);
    file.close();
  });

  test("is met by another process a second later", () => {
    const folder = testFolder().path;
    let now = 1_000_000;
    const [one, other] = [openStatistics(folder, () => now), openStatistics(folder, () => now)];
    expect(other.fact(charges, listed("a"))).toBeUndefined();
    one.learn(charges, listed("a"), learned(part(40)));
    now += 1500;
    expect(other.fact(charges, listed("a"))).toEqual({ parts: [part(40)] });
    one.close();
    other.close();
  });

  test("is forgotten where another program wrote something else in its place", () => {
    const folder = testFolder().path;
    const first = openStatistics(folder);
    first.learn(charges, listed("a"), learned(part(40)));
    first.close();
    const file = new Database(join(folder, "statistics.sqlite"));
    file.exec(`UPDATE list_fact_1 SET fact = '{"parts": 3}'`);
    file.close();
    const second = openStatistics(folder);
    expect(second.fact(charges, listed("a"))).toBeUndefined();
    second.close();
  });

  test("stays bounded, however many lists there are", () => {
    const folder = testFolder().path;
    let now = 1_000_000;
    const statistics = openStatistics(folder, () => now);
    for (let index = 0; index < 4100; index += 1)
      statistics.learn(
        charges,
        { kind: "mean", name: `list ${index}` },
        { fact: { lists: 1, rows: 1, requests: 1 }, isPassing: false },
      );
    now += 2000;
    statistics.learn(charges, listed("a"), learned(part(1)));
    statistics.close();
    const file = new Database(join(folder, "statistics.sqlite"));
    expect(file.prepare("SELECT count(*) FROM list_fact_1").pluck().get()).toBe(4000);
    file.close();
  });
});
