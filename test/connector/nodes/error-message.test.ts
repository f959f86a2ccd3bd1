import { deserialize, serialize } from "node:v8";
import { expect, test } from "vitest";
import { decodeError, encodeError } from "../../../src/connector/nodes/error-message.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";

/** An error after the way between two processes. */
function sent(error: unknown): StripeSqlError {
  return decodeError(deserialize(serialize(encodeError(error))));
}

test("an error arrives with all that it says, but for its cause", () => {
  const error = new StripeSqlError("no such customer", {
    sqlState: "02000",
    phase: "stripe",
    detail: "a detail",
    hint: "a hint",
    position: 0,
    retryable: true,
    stripe: { type: "invalid_request_error", code: "resource_missing", param: "id", status: 404, requestId: "req_1" },
    cause: new Error("a cause"),
  });
  const arrived = sent(error);
  expect(arrived).toBeInstanceOf(StripeSqlError);
  const { cause, ...facts } = { ...error };
  expect({ ...arrived, message: arrived.message, name: arrived.name }).toEqual({
    ...facts,
    message: error.message,
    name: "StripeSqlError",
  });
  expect(arrived.cause).toBeUndefined();
  expect(cause).toBeUndefined();
});

test("what an error does not say is not said for it", () => {
  const arrived = sent(new StripeSqlError("short", { sqlState: "42601", phase: "syntax" }));
  expect(arrived).toMatchObject({
    detail: undefined,
    hint: undefined,
    position: undefined,
    retryable: false,
    stripe: {},
  });
});

test.each([
  [new TypeError("x is not a function"), "x is not a function"],
  ["a text", "a text"],
  [undefined, "undefined"],
])("whatever else was thrown (%s) is a mistake of ours", (thrown, message) => {
  expect(sent(thrown)).toMatchObject({ sqlState: "XX000", message, hint: expect.stringContaining("please report") });
});
