import { expect, test } from "vitest";
import { encodeQuery } from "../../src/stripe/encode-query.js";

test("ranges, arrays and nested objects take Stripe's brackets", () => {
  const query = encodeQuery({
    created: { gte: 1, lt: 2 },
    expand: ["data.customer", "data.invoice"],
    limit: 100,
    active: true,
  });
  expect(query).toBe(
    "created[gte]=1&created[lt]=2&expand[0]=data.customer&expand[1]=data.invoice&limit=100&active=true",
  );
});

test("values and names are escaped, brackets of a flat name are not", () => {
  expect(encodeQuery({ email: "a+b&c@example.com", "include[0]": "x y" })).toBe(
    "email=a%2Bb%26c%40example.com&include[0]=x%20y",
  );
});

test("null is an empty value, and no parameters are no query", () => {
  expect(encodeQuery({ a: null })).toBe("a=");
  expect(encodeQuery({})).toBe("");
});
