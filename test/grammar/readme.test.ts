import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { filterCondition } from "../../src/plan/filter/filter-condition.js";
import { parseConnectionString } from "../../src/syntax/parse-connection-string.js";
import { parseFilterClause } from "../../src/syntax/parse-filter-clause.js";
import { parseScript } from "../../src/syntax/parse-script.js";
import { parseSearchQuery } from "../../src/syntax/parse-search-query.js";
import { tableNamed } from "../support/planning.js";

const readme = readFileSync(new URL("../../grammar/README.md", import.meta.url), "utf8");

/** The lines of a section's block under a tag: "accepted", "refused", or one of them and an entity. */
function examples(section: string, tag: string): readonly string[] {
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}.peggy`)) ?? "";
  return new RegExp(`^\`\`\`${tag}\n([^]*?)^\`\`\``, "m").exec(text)?.[1]?.trim().split("\n") ?? [];
}

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  statement: parseScript,
  "filter-clause": parseFilterClause,
  "connection-string": parseConnectionString,
  "search-query": parseSearchQuery,
};

describe.each(Object.entries(parsers))("%s", (name, parse) => {
  test.each(examples(name, "accepted"))("accepts %s", (text) => {
    expect(() => parse(text)).not.toThrow();
  });

  test.each(examples(name, "refused"))("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(StripeSqlError);
  });
});

describe("filter-clause, of Customer", () => {
  test.each(examples("filter-clause", "accepted Customer"))("accepts %s", (text) => {
    expect(() => filterCondition(text, tableNamed("Customer"))).not.toThrow();
  });

  test.each(examples("filter-clause", "refused Customer"))("refuses %s", (text) => {
    expect(() => parseFilterClause(text)).not.toThrow();
    expect(() => filterCondition(text, tableNamed("Customer"))).toThrow(StripeSqlError);
  });
});
