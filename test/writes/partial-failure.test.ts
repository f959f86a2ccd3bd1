import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, runProgram } from "../support/built-program.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 5 });
let ids: readonly string[] = [];

beforeAll(async () => {
  const values = Array.from({ length: 200 }, (_, index) => `('Bulk ${index}')`).join(", ");
  const { rows } = await running.query(`INSERT INTO Product (Name) VALUES ${values} RETURNING Id`);
  ids = rows.map((row) => String(row["Id"]));
});

/** Refuses every write to one product as Stripe refuses a declined card. */
function refuse(id: string | undefined, times = 1): void {
  const error = {
    type: "card_error",
    code: "card_declined",
    decline_code: "do_not_honor",
    param: "card",
    message: "Your card was declined.",
  };
  running.sandbox.faults.add({
    method: "POST",
    path: id === undefined ? "/v1/products" : `/v1/products/${id}`,
    times,
    effect: { kind: "status", status: 402, body: { error } },
  });
}

const updateAll = "UPDATE Product SET Description = 'changed' WHERE Name LIKE 'Bulk %'";

describe("a bulk UPDATE of which one object fails", () => {
  test("writes the 199 others and reports the one with Stripe's code and request", async () => {
    refuse(ids[100]);
    const { rows, rowCount, outcomes, error } = await running.query(`${updateAll} RETURNING Id, Description`);
    expect(rowCount).toBe(199);
    expect(outcomes).toHaveLength(200);
    const failed = outcomes.filter(({ state }) => state !== "written");
    expect(failed).toMatchObject([{ state: "failed", id: ids[100] }]);
    expect(error).toMatchObject({
      message: "Your card was declined.",
      stripe: {
        type: "card_error",
        code: "card_declined",
        declineCode: "do_not_honor",
        param: "card",
        status: 402,
        requestId: expect.stringMatching(/^req_/),
      },
    });
    expect(rows).toHaveLength(199);
    expect(rows.every((row) => row["Description"] === "changed" && row["Id"] !== ids[100])).toBe(true);
  });

  test("names that object on the command line, and ends with status 1", async () => {
    ensureBuilt();
    refuse(ids[7]);
    const run = await runProgram(["--set", `ApiBase=${running.sandbox.url}`, "-c", updateAll]);
    expect(run.status).toBe(1);
    expect(run.output).toBe("UPDATE 199\n");
    expect(run.errors).toContain("ERROR:  Your card was declined.\n");
    expect(run.errors).toContain("WRITTEN:  199 of 200 objects\n");
    expect(run.errors).toMatch(
      new RegExp(
        `^FAILED:  call \\d+: ${ids[7]}: Your card was declined\\. \\(card_declined, do_not_honor, card, req_\\w+\\)$`,
        "m",
      ),
    );
  });
});

describe("an INSERT of three of which the second fails", () => {
  test("goes on with the third, in the order of the statement", async () => {
    running.sandbox.faults.add({
      method: "POST",
      path: "/v1/products",
      after: 1,
      effect: { kind: "status", status: 400, body: { error: { type: "invalid_request_error", message: "No." } } },
    });
    const { rows, rowCount, outcomes, error } = await running.query(
      "INSERT INTO Product (Name) VALUES ('x'), ('y'), ('z') RETURNING Name",
    );
    expect(rows).toEqual([{ Name: "x" }, { Name: "z" }]);
    expect(rowCount).toBe(2);
    expect(outcomes.map(({ state }) => state)).toEqual(["written", "failed", "written"]);
    expect(error?.message).toBe("No.");
  });
});

describe("a write that fails whole", () => {
  test("is thrown, with the first failure and how many there were", async () => {
    refuse(undefined, 3);
    const error = await running.failure("INSERT INTO Product (Name) VALUES ('x'), ('y'), ('z')");
    expect(error).toMatchObject({
      message: "Your card was declined.",
      detail: "None of 3 objects was written: 3 failed, 0 not tried.",
      stripe: { code: "card_declined" },
    });
  });

  test("of one object is thrown as Stripe refused it", async () => {
    refuse(ids[0]);
    const error = await running.failure(`UPDATE Product SET Name = 'x' WHERE Id = '${ids[0]}'`);
    expect(error).toMatchObject({
      message: "Your card was declined.",
      detail: `POST /v1/products/${ids[0]} was answered with status 402.`,
    });
  });
});

describe("a write that is canceled on its way", () => {
  test("tries no further object and lists those", async () => {
    const canceling = new AbortController();
    running.sandbox.faults.add({
      method: "POST",
      after: 4,
      effect: {
        kind: "rewrite",
        rewrite: (answer) => {
          canceling.abort();
          return answer;
        },
      },
    });
    const { outcomes, error } = await running.query(
      "INSERT INTO Product (Name) SELECT 'made ' || n FROM range(50) r(n)",
      undefined,
      { signal: canceling.signal },
    );
    const states = outcomes.map(({ state }) => state);
    expect(states).toEqual([...Array(4).fill("written"), "failed", ...Array(45).fill("not tried")]);
    // The fifth was carried out before its answer was given up: its error leaves that open.
    expect(error).toMatchObject({ sqlState: "57014", detail: expect.stringContaining("may have been carried out") });
    expect((await running.query("SELECT Name FROM Product WHERE Name LIKE 'made %'")).rowCount).toBe(5);
  });

  test("before its first object is thrown", async () => {
    const error = await errorOf(
      running.query("INSERT INTO Product (Name) VALUES ('never')", undefined, { signal: AbortSignal.abort() }),
    );
    expect(error.sqlState).toBe("57014");
    expect((await running.query("SELECT Id FROM Product WHERE Name = 'never'")).rows).toEqual([]);
  });
});

describe("a write beyond MaxRequests", () => {
  test("stops there and lists what was not tried", async () => {
    const connection = await running.open({ maxRequests: 3 });
    const { outcomes, error } = await connection.query(
      "INSERT INTO Product (Name) SELECT 'product ' || i FROM range(5) r(i)",
    );
    expect(outcomes.map(({ state }) => state)).toEqual(["written", "written", "written", "failed", "not tried"]);
    expect(error?.sqlState).toBe("53400");
  });

  test.each([
    ["its rows", "INSERT INTO Product (Name) VALUES ('1'), ('2'), ('3'), ('4')"],
    ["its ids", "DELETE FROM Product WHERE Id IN ('a', 'b', 'c', 'd')"],
  ])("is not begun where %s are more", async (_, sql) => {
    const connection = await running.open({ maxRequests: 3 });
    await expect(connection.query(sql)).rejects.toMatchObject({
      sqlState: "53400",
      detail: expect.stringMatching(/^MaxRequests is 3; it takes (about )?\d+\. None was sent\.$/),
    });
    expect(running.sandbox.requests.total).toBe(0);
  });
});
