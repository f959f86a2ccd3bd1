import { describe, expect, it } from "vitest";
import type { ConnectOptions, PendingWrite } from "../../src/driver/api.js";
import { resolveProperties } from "../../src/driver/connection-properties.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const test = connectSandbox({ customers: 5 });
const live = connectSandbox({ customers: 5, apiKey: "sk_live_sandbox" }, { allowUnfilteredWrites: true });

const insertOne = "INSERT INTO Customer (Name) VALUES ('one')";
const insertTwo = "INSERT INTO Customer (Name) VALUES ('one'), ('two')";
const written = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("GET"));

describe("the properties that say what may be written", () => {
  it.each([
    ["WriteMode=maybe", "It must be read-only, confirm or allow."],
    ["MaxWrites=0", "It must be a whole number from 1."],
    ["MaxWrites=many", "It must be a whole number from 1."],
    ["AuditLog=", "It must be the path of a file."],
  ])("refuse %s", (text, detail) => {
    expect(() => resolveProperties(`Sandbox=true;${text}`, {})).toThrow(
      expect.objectContaining({ sqlState: "22023", detail }),
    );
  });

  it.each<[ConnectOptions, boolean, string | undefined]>([
    [{}, false, undefined],
    [{ readOnly: true }, true, "read-only"],
    [{ writeMode: "read-only" }, true, "read-only"],
    [{ readOnly: true, writeMode: "allow" }, true, "read-only"],
    [{ readOnly: false, writeMode: "read-only" }, true, "read-only"],
    [{ readOnly: false, writeMode: "confirm" }, false, "confirm"],
  ])("%j: the stricter holds", (given, readOnly, writeMode) => {
    expect(resolveProperties({ sandbox: true, ...given }, {})).toMatchObject({ readOnly, writeMode });
  });
});

describe("a connection whose WriteMode is", () => {
  it("read-only refuses every write, as ReadOnly does", async () => {
    const connection = await test.open({ writeMode: "read-only" });
    expect(await errorOf(connection.query(insertOne))).toMatchObject({ sqlState: "25006" });
    expect(test.sandbox.requests.entries).toEqual([]);
  });

  it.each([insertOne, insertTwo, "EXEC CancelQuote QuoteId = 'qt_1'", "UPDATE Customer SET Name = 'x' WHERE Id = 'a'"])(
    "confirm refuses what nobody confirms: %s",
    async (sql) => {
      const connection = await test.open({ writeMode: "confirm" });
      const error = await errorOf(connection.query(sql));
      expect(error).toMatchObject({
        sqlState: "25006",
        message: expect.stringMatching(/ is to be confirmed$/),
        detail: "WriteMode is confirm. None was sent.",
        hint: expect.stringContaining("WriteMode=allow"),
      });
      expect(test.sandbox.requests.entries).toEqual([]);
    },
  );

  it("confirm writes what is agreed to, and leaves what is declined", async () => {
    const connection = await test.open({ writeMode: "confirm" });
    const asked: PendingWrite[] = [];
    const answer = (is: boolean) => ({
      confirmWrite: async (write: PendingWrite) => {
        asked.push(write);
        return is;
      },
    });
    const declined = await connection.query(insertTwo, undefined, answer(false));
    expect(declined.outcomes.map(({ state }) => state)).toEqual(["not tried", "not tried"]);
    expect(test.sandbox.requests.entries).toEqual([]);
    expect((await connection.query(insertOne, undefined, answer(true))).rowCount).toBe(1);
    expect(asked).toEqual([
      { command: "INSERT Customer", objects: 2, live: false, mustBeConfirmed: true },
      { command: "INSERT Customer", objects: 1, live: false, mustBeConfirmed: true },
    ]);
  });
});

describe("on a live key", () => {
  it.each([insertTwo, "UPDATE Customer SET Name = 'x'"])("a write in bulk is refused unasked: %s", async (sql) => {
    expect(await live.failure(sql)).toMatchObject({
      sqlState: "25006",
      message: expect.stringMatching(/^(INSERT|UPDATE) Customer of \d calls is to be confirmed on a live account$/),
    });
    expect(written(requestLines(live.sandbox))).toEqual([]);
  });

  it("a single call goes, and one in bulk that somebody agrees to or that WriteMode allows", async () => {
    expect((await live.query(insertOne)).rowCount).toBe(1);
    expect((await live.query(insertTwo, undefined, { confirmWrite: async () => true })).rowCount).toBe(2);
    const allowed = await live.open({ writeMode: "allow" });
    expect((await allowed.query(insertTwo)).rowCount).toBe(2);
  });

  it("EXPLAIN tells that it would be refused", async () => {
    const { rows } = await live.query(`EXPLAIN ${insertTwo}`);
    expect(rows.map((row) => row["QUERY PLAN"])).toContain(
      "Refused: INSERT Customer of 2 calls is to be confirmed on a live account",
    );
  });
});

describe("MaxWrites", () => {
  const two = () => test.open({ maxWrites: 2 });
  const insertThree = `${insertTwo}, ('three')`;

  it("refuses a statement that makes more calls before anything is sent", async () => {
    expect(await errorOf((await two()).query(insertThree))).toMatchObject({
      sqlState: "53400",
      message: "the statement makes more than 2 calls that write",
      detail: "MaxWrites is 2; INSERT Customer makes 3. None was sent.",
    });
    expect(test.sandbox.requests.entries).toEqual([]);
  });

  it("refuses one whose objects have to be found first once they are, and before any is written", async () => {
    const error = await errorOf((await two()).query("UPDATE Customer SET Name = 'x' WHERE Name LIKE '%'"));
    expect(error.sqlState).toBe("53400");
    expect(written(requestLines(test.sandbox))).toEqual([]);
  });

  it("lets those go that make no more, and EXPLAIN tells of those that do", async () => {
    const connection = await two();
    expect((await connection.query(insertTwo)).rowCount).toBe(2);
    const { rows } = await connection.query(`EXPLAIN ${insertThree}`);
    expect(rows.at(-1)).toEqual({ "QUERY PLAN": "Refused: the statement makes more than 2 calls that write" });
  });
});
