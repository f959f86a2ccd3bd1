import { describe, expect, it } from "vitest";
import { AnswerSorter } from "../../../src/execute/postgres/worker/answer-sorter.js";

const frame = (type: string, body: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, "latin1")]);
};

const failure = (sqlState: string): Buffer => frame("E", `VERROR\0C${sqlState}\0Mno\0\0`);

/** The engine's own BEGIN, a client's statement, and the engine's own end. */
const answers = Buffer.concat([
  ...[frame("C", "BEGIN"), frame("S", "TimeZone"), frame("Z", "T")],
  ...[
    frame("1", ""),
    frame("2", ""),
    frame("T", "columns"),
    frame("N", "notice"),
    frame("D", "row"),
    frame("D", "x".repeat(300)),
  ],
  ...[frame("C", "SELECT 2"), frame("Z", "T"), frame("C", "ROLLBACK"), frame("Z", "T")],
]);

function sort(bytes: Buffer, cuts: readonly number[], given: number | undefined) {
  const taken: Uint8Array[] = [];
  const sorter = new AnswerSorter({ given, take: (frames) => taken.push(frames) });
  const ends = [...cuts, bytes.length];
  for (const [index, end] of ends.entries()) sorter.push(Uint8Array.from(bytes.subarray(ends[index - 1] ?? 0, end)));
  return { answer: sorter.end(), frames: Buffer.concat(taken) };
}

const clients = Buffer.concat([
  frame("T", "columns"),
  frame("N", "notice"),
  frame("D", "row"),
  frame("D", "x".repeat(300)),
  frame("C", "SELECT 2"),
]);

describe("the answers of a step", () => {
  it("are sorted alike wherever they are cut", () => {
    for (let cut = 0; cut <= answers.length; cut += 1) {
      const { answer, frames } = sort(answers, [cut, Math.min(cut + 3, answers.length)], 1);
      expect(answer).toEqual({ states: "TTT", failure: undefined, isRefused: false });
      expect(frames.equals(clients)).toBe(true);
    }
  });

  it("are nobody's where nothing is given on", () => {
    expect(sort(answers, [], undefined).frames).toHaveLength(0);
  });

  it("with an error of the client's statement give it on", () => {
    const refused = Buffer.concat([frame("Z", "T"), frame("E", "C42601"), frame("Z", "E")]);
    const { answer, frames } = sort(refused, [], 1);
    expect(answer).toEqual({ states: "TE", failure: undefined, isRefused: true });
    expect(frames.equals(frame("E", "C42601"))).toBe(true);
  });

  it("with an error of the engine's own keep what follows from it", () => {
    const failed = Buffer.concat([failure("22023"), frame("Z", "E"), failure("25P02"), frame("Z", "E")]);
    const { answer, frames } = sort(failed, [], 1);
    expect(answer.failure?.sqlState).toBe("22023");
    expect(frames).toHaveLength(0);
  });

  it("come in pieces of whole frames", () => {
    const taken: Uint8Array[] = [];
    const sorter = new AnswerSorter({ given: 0, take: (frames) => taken.push(frames) });
    const row = frame("D", "x".repeat(50_000));
    for (let count = 0; count < 10; count += 1) sorter.push(Uint8Array.from(row));
    sorter.end();
    expect(taken.length).toBeGreaterThan(1);
    expect(taken.every((piece) => piece.length % row.length === 0)).toBe(true);
  });
});
