import { describe, expect, it } from "vitest";
import { Variables, variablesIn } from "../../../src/repl/input/variables.js";

const variables = new Variables([
  ["n", "5"],
  ["who", "O'Brien"],
  ["column", 'a"b'],
]);

describe("a variable", () => {
  it.each([
    ["SELECT :n", "SELECT 5"],
    ["SELECT :n::text, '2'::n", "SELECT 5::text, '2'::n"],
    ["WHERE Name = :'who'", "WHERE Name = 'O''Brien'"],
    ['SELECT :"column"', 'SELECT "a""b"'],
    ["SELECT ':n', \":n\", $$:n$$, E'\\':n'", "SELECT ':n', \":n\", $$:n$$, E'\\':n'"],
    ["SELECT 1 -- :n\n/* :n */", "SELECT 1 -- :n\n/* :n */"],
    ["SELECT :unset, :'unset', :\"unset\"", "SELECT :unset, :'unset', :\"unset\""],
    ["SELECT :nn, : n, @n", "SELECT :nn, : n, @n"],
    ["SELECT ':n", "SELECT ':n"],
  ])("in %s", (text, expected) => expect(variables.interpolate(text)).toBe(expected));

  it("is refused under a name that no statement can say", () => {
    for (const name of ["", "1a", "a-b", "a b", "../a"]) {
      expect(() => new Variables([[name, "1"]])).toThrow(`invalid variable name "${name}"`);
    }
  });

  it("is found in a text once, wherever it is one", () => {
    expect(variablesIn("SELECT :b, :'a', ':c', :b -- :d")).toEqual(["b", "a"]);
  });
});
