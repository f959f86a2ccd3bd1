import { describe, expect, it } from "vitest";
import { ProgressLine, progressText } from "../../src/repl/progress-line.js";
import { CollectedStream } from "./collected-stream.js";

describe("progress", () => {
  it("counts requests and rows, and tells how long is left where the plan knew", () => {
    expect(progressText({ requests: 10, rows: 1000, estimatedRequests: 40, elapsedMs: 2_000 })).toBe(
      "10 of about 40 requests, 1000 rows, 500 rows/s, about 6 s left",
    );
    expect(
      progressText({ requests: 500, rows: 1000, estimatedRequests: 2500, elapsedMs: 2_000, readShare: 0.25 }),
    ).toMatch(/, 25 % of a month's least reads$/);
    expect(progressText({ requests: 1, rows: 0, estimatedRequests: undefined, elapsedMs: 2_000 })).toBe(
      "1 request, 0 rows, 0 rows/s",
    );
    expect(progressText({ requests: 41, rows: 4100, estimatedRequests: 40, elapsedMs: 1_000 })).toBe(
      "41 requests, 4100 rows, 4100 rows/s",
    );
  });

  it("shows after a second, within the terminal's width, and leaves no trace", () => {
    const terminal = Object.assign(new CollectedStream(), { columns: 20 });
    const line = new ProgressLine(terminal);
    const progress = { requests: 10, rows: 1000, estimatedRequests: undefined };
    line.show({ ...progress, elapsedMs: 999 });
    line.erase();
    expect(terminal.text).toBe("");
    line.show({ ...progress, elapsedMs: 1_000 });
    line.erase();
    line.erase();
    expect(terminal.text).toBe("\r\u001b[K10 requests, 1000 r\r\u001b[K");
  });
});
