import { describe, expect, it } from "vitest";
import type { QueryOptions } from "../../src/driver/api.js";
import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { TextFormat } from "../../src/output/output-format.js";
import { textTarget } from "../../src/repl/result-target.js";
import { runScripts } from "../../src/repl/run-scripts.js";
import { StreamSink } from "../../src/repl/stream-sink.js";
import { OutputClosed } from "../../src/repl/text-sink.js";
import type { CollectedStreams } from "./collected-stream.js";
import { collectedStreams } from "./collected-stream.js";
import type { FakeResult } from "./fake-connection.js";
import { FakeConnection } from "./fake-connection.js";

const declined = new StripeSqlError("Your card was declined.", {
  sqlState: SqlState.upstreamError,
  phase: "stripe",
  stripe: { type: "card_error", code: "card_declined", requestId: "req_1" },
});

const one: FakeResult = { columns: [{ name: "N", type: "BIGINT" }], rows: [{ N: 1 }] };

const results: Readonly<Record<string, FakeResult>> = {
  "SELECT 1": one,
  "SELECT noticed": { ...one, summary: { notices: ["the table Card is read whole"] } },
  "SELECT broken": { ...one, rows: [{ N: 1 }, declined] },
  "SELECT forever": { ...one, isEndless: true },
  "UPDATE all": { summary: { command: "UPDATE", rowCount: 199 } },
  "UPDATE some": {
    summary: {
      command: "UPDATE",
      rowCount: 1,
      error: declined,
      outcomes: [
        { state: "written", id: "cus_1" },
        { state: "failed", id: "cus_2", error: declined },
        { state: "not tried", id: "cus_3" },
      ],
    },
  },
};

async function run(
  scripts: readonly string[],
  format: TextFormat = "table",
  options: QueryOptions = {},
  streams: CollectedStreams = collectedStreams(),
) {
  const connection = new FakeConnection(results);
  const target = textTarget(new StreamSink(streams.output), format, () => ({ width: undefined, expanded: "auto" }));
  const succeeded = await runScripts(connection, scripts, { target, errors: streams.errors }, options);
  return { succeeded, output: streams.output.text, errors: streams.errors.text, statements: connection.statements };
}

const table = " N\n---\n 1\n(1 row)\n";

describe("scripts", () => {
  it("run one statement after the other", async () => {
    expect(await run(["SELECT 1; SELECT 1", "SELECT 1"])).toEqual({
      succeeded: true,
      output: table.repeat(3),
      errors: "",
      statements: ["SELECT 1", "SELECT 1", "SELECT 1"],
    });
  });

  it("end at the first failure, which points into its statement", async () => {
    expect(await run(["SELECT 1; SELEC 2; SELECT 1", "SELECT 1"], "csv")).toEqual({
      succeeded: false,
      output: "N\r\n1\r\n",
      errors:
        'ERROR:  syntax error at or near "SELEC "\nLINE 1: SELECT 1; SELEC 2; SELECT 1\n        ^\nSQLSTATE:  42601\n' +
        "NOT RUN:  3 statements, from: SELEC 2\n",
      statements: ["SELECT 1", "SELEC 2"],
    });
  });

  it("say what ended a result half-way", async () => {
    const { succeeded, output, errors } = await run(["SELECT broken"], "csv");
    expect({ succeeded, output, errors }).toEqual({
      succeeded: false,
      output: "N\r\n1\r\n",
      errors: "ERROR:  Your card was declined.\nSQLSTATE:  58030\nREQUEST:  req_1\n",
    });
  });

  it("print notices beside the rows", async () => {
    expect(await run(["SELECT noticed"])).toMatchObject({
      output: table,
      errors: "NOTICE:  the table Card is read whole\n",
    });
  });

  it("tell how many objects a write touched", async () => {
    expect(await run(["UPDATE all"])).toMatchObject({ output: "UPDATE 199\n", errors: "" });
    expect(await run(["UPDATE all"], "json")).toMatchObject({ output: "[]\n", errors: "UPDATE 199\n" });
  });

  it("list each object that a write did not reach, and stop", async () => {
    expect(await run(["UPDATE some; SELECT 1"])).toEqual({
      succeeded: false,
      output: "UPDATE 1\n",
      errors: [
        "ERROR:  Your card was declined.",
        "SQLSTATE:  58030",
        "REQUEST:  req_1",
        "WRITTEN:  1 of 3 objects: cus_1",
        "FAILED:  cus_2: Your card was declined. (card_declined, req_1)",
        "NOT TRIED:  cus_3",
        "NOT RUN:  1 statement, from: SELECT 1",
        "",
      ].join("\n"),
      statements: ["UPDATE some"],
    });
  });

  it("end quietly where nobody reads the output any more", async () => {
    const cancel = new AbortController();
    const streams = collectedStreams();
    const ended = run(["SELECT forever"], "csv", { signal: cancel.signal }, streams);
    await streams.output.until("1\r\n");
    cancel.abort(new OutputClosed());
    expect(await ended).toMatchObject({ succeeded: true, errors: "" });
  });

  it.each([
    ["nobody reads the output any more", new OutputClosed(), ""],
    [
      "the output's disk is full",
      Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" }),
      "ERROR:  ENOSPC: no space left on device, write\nSQLSTATE:  58030\n",
    ],
  ])("fail where %s before all was run, which is told", async (_why, reason, told) => {
    const cancel = new AbortController();
    const streams = collectedStreams();
    const ended = run(["SELECT forever; UPDATE all"], "csv", { signal: cancel.signal }, streams);
    await streams.output.until("1\r\n");
    cancel.abort(reason);
    expect(await ended).toMatchObject({
      succeeded: false,
      errors: `${told}NOT RUN:  1 statement, from: UPDATE all\n`,
      statements: ["SELECT forever"],
    });
  });

  it("fail where a person cancels them", async () => {
    const cancel = new AbortController();
    const streams = collectedStreams();
    const ended = run(["SELECT forever"], "csv", { signal: cancel.signal }, streams);
    await streams.output.until("1\r\n");
    cancel.abort();
    expect(await ended).toMatchObject({
      succeeded: false,
      errors: "ERROR:  canceling statement due to user request\nSQLSTATE:  57014\n",
    });
  });
});
