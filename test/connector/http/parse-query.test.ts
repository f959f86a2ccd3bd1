import { expect, test } from "vitest";
import { parseQuery } from "../../../src/connector/http/parse-query.js";
import { RpcFailure } from "../../../src/connector/http/rpc-failure.js";

test.each<[string, object]>([
  ["/x", {}],
  ["/x?", {}],
  ["/x?&&", {}],
  ["/x?a", { a: "" }],
  ["/x?a=1&b=2", { a: "1", b: "2" }],
  ["/x?a=1&a=2&b&a=3", { a: ["1", "2", "3"], b: "" }],
  ["/x?a=b=c&__proto__=1", { a: "b=c", ["__proto__"]: "1" }],
  ["/x?a=%C3%A9+%2B", { a: "é +" }],
])("%s", (url, parameters) => {
  expect({ ...parseQuery(url) }).toEqual(parameters);
});

// 64 KB of one name once kept the server at work for minutes.
test("more parameters than any call takes are refused", () => {
  const many = (count: number) => `/x?${Array(count).fill("a").join("&")}`;
  expect(parseQuery(many(1000))["a"]).toHaveLength(1000);
  for (const url of [many(1001), many(32_000), `/x?${Array.from({ length: 9000 }, (_, n) => `p${n}`).join("&")}`])
    expect(() => parseQuery(url)).toThrow(RpcFailure);
});

test.each(["/x?a=%", "/x?%ff=1", "/x?a=%C3"])("%s is no UTF-8", (url) => {
  expect(() => parseQuery(url)).toThrow("not percent-encoded UTF-8");
});
