import { describe, expect, it } from "vitest";
import { parseForm } from "../../src/sandbox/form-body.js";

describe("a form body", () => {
  it("keeps a key that never closes its bracket", () => {
    expect(parseForm("a[b=1")).toEqual({ a: "1" });
  });

  it("keeps a bracket that opens nothing", () => {
    expect(parseForm("[a]=1")).toEqual({ "[a]": "1" });
  });

  it("never reaches an object's prototype", () => {
    const parsed = parseForm("__proto__[polluted]=1");
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect({}).not.toHaveProperty("polluted");
  });

  it("is empty for an empty text", () => {
    expect(parseForm("")).toEqual({});
  });

  it("nests by brackets", () => {
    expect(parseForm("a[b][c]=1&a[b][d]=2")).toEqual({ a: { b: { c: "1", d: "2" } } });
  });

  it("collects empty brackets into an array", () => {
    expect(parseForm("a[]=1&a[]=2")).toEqual({ a: ["1", "2"] });
  });

  it("collects numbered brackets into an array of objects", () => {
    expect(parseForm("a[0][b]=1&a[0][c]=2&a[1][b]=3")).toEqual({ a: [{ b: "1", c: "2" }, { b: "3" }] });
  });

  it("begins a new element where an empty bracket's key repeats", () => {
    expect(parseForm("a[][b]=1&a[][c]=2&a[][b]=3")).toEqual({ a: [{ b: "1", c: "2" }, { b: "3" }] });
  });

  it("decodes what was escaped", () => {
    expect(parseForm("name=J%C3%B6rg+%26+Co&metadata%5Border%5D=1")).toEqual({
      name: "Jörg & Co",
      metadata: { order: "1" },
    });
  });
});
