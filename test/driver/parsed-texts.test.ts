import { describe, expect, it } from "vitest";
import { ParsedTexts } from "../../src/driver/parsed-texts.js";

const noEngine = () => Promise.reject(new Error("no engine is asked"));

describe("Texts that are kept", () => {
  it("are parsed once", () => {
    const texts = new ParsedTexts(noEngine);
    expect(texts.parse("SELECT 1; SELECT 2")).toBe(texts.parse("SELECT 1; SELECT 2"));
  });

  it("are the last few hundred: the one asked for longest ago goes first", () => {
    const texts = new ParsedTexts(noEngine);
    const [first, second] = [texts.parse("SELECT 1"), texts.parse("SELECT 2")];
    texts.parse("SELECT 1");
    for (let number = 3; number <= 201; number += 1) texts.parse(`SELECT ${number}`);
    expect(texts.parse("SELECT 1")).toBe(first);
    expect(texts.parse("SELECT 2")).not.toBe(second);
  });

  it("are short: a long one is parsed each time", () => {
    const texts = new ParsedTexts(noEngine);
    const long = `SELECT '${"x".repeat(5000)}'`;
    expect(texts.parse(long)).not.toBe(texts.parse(long));
  });

  it("that cannot be read fail each time", () => {
    const texts = new ParsedTexts(noEngine);
    for (const _ of [1, 2]) expect(() => texts.parse("SELECT 'open")).toThrow(/unterminated/);
  });
});
