import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitTyped } from "../../src/syntax/read-tokens.js";

describe("the splitting of typed text", () => {
  it.each([
    ["SELECT 1", [], "SELECT 1", undefined],
    ["SELECT 1;", ["SELECT 1"], "", undefined],
    ["SELECT 1; SELECT 2; SEL", ["SELECT 1", " SELECT 2"], " SEL", undefined],
    [";;", [], "", undefined],
    ["SELECT ';' ;", ["SELECT ';' "], "", undefined],
    ["SELECT 'it''s;' ;", ["SELECT 'it''s;' "], "", undefined],
    ["SELECT E'\\';' ;", ["SELECT E'\\';' "], "", undefined],
    ["SELECT '\\';", ["SELECT '\\'"], "", undefined],
    ['SELECT ";";', ['SELECT ";"'], "", undefined],
    ["SELECT $$;$$;", ["SELECT $$;$$"], "", undefined],
    ["SELECT $a$ $$; $a$;", ["SELECT $a$ $$; $a$"], "", undefined],
    ["SELECT $1;", ["SELECT $1"], "", undefined],
    ["SELECT 1 -- ; no\n;", ["SELECT 1 -- ; no\n"], "", undefined],
    ["SELECT /* ; /* ; */ ; */ 1;", ["SELECT /* ; /* ; */ ; */ 1"], "", undefined],
    ["-- only a comment\n;", [], "", undefined],
    ["SELECT (", [], "SELECT (", "("],
    ["SELECT 'a;", [], "SELECT 'a;", "'"],
    ["SELECT E'a\\';", [], "SELECT E'a\\';", "'"],
    ['SELECT "a;', [], 'SELECT "a;', '"'],
    ["SELECT `a;", [], "SELECT `a;", "`"],
    ["SELECT $$a;", [], "SELECT $$a;", "$"],
    ["SELECT 1; /* a; /* b */", ["SELECT 1"], " /* a; /* b */", "/*"],
  ])("finds in %j", (text, statements, rest, open) => {
    expect(splitTyped(text)).toEqual({ statements, rest, open });
  });

  it("loses no character but semicolons and blanks", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."a1;'\"`$-/*() \n\\E".split("")) }), (text) => {
        const { statements, rest } = splitTyped(text);
        expect(text.endsWith(rest)).toBe(true);
        for (const statement of statements) expect(text).toContain(statement);
      }),
    );
  });

  it("does not fail over comments that are nested too deeply, nor take long over many that never end", () => {
    expect(splitTyped("/*".repeat(1_000))).toEqual({ statements: [], rest: "/*".repeat(1_000), open: "/*" });
    expect(splitTyped("/*".repeat(100_000)).statements).toHaveLength(1);
  });

  it("knows a blank text from a statement", () => {
    expect(splitTyped(" \n -- a\n /* b */ ").rest).toBe("");
    expect(splitTyped("/* b */ x").rest).toBe("/* b */ x");
  });
});
