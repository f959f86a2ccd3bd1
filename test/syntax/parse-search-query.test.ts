import { expect, test } from "vitest";
import { parseSearchQuery } from "../../src/syntax/parse-search-query.js";
import type { SearchClause } from "../../src/syntax/search-query.js";

function sketch({ negated, field, key, match }: SearchClause): string {
  const value = match.operator === "null" ? "" : ` ${match.value.type} ${match.value.text}`;
  return `${negated ? "-" : ""}${field}${key === undefined ? "" : `[${key}]`} ${match.operator}${value}`;
}

test.each([
  ['email:"a@b.c"', "and", ["email : string a@b.c"]],
  ["email:'a@b.c'", "and", ["email : string a@b.c"]],
  ['name~"a \\"b\\"" AND -amount>=5', "and", ['name ~ string a "b"', "-amount >= number 5"]],
  ['metadata["k e"]:"v" created<=1620310503', "and", ["metadata[k e] : string v", "created <= number 1620310503"]],
  ['a:"x" OR b:"y" or c>1', "or", ["a : string x", "b : string y", "c > number 1"]],
  ['-metadata["k"]:null', "and", ["-metadata[k] null"]],
  ["currency:null AND active:true", "and", ["currency null", "active : boolean true"]],
  ['billing_details.address.country:"FR"', "and", ["billing_details.address.country : string FR"]],
  ['order:"1" and_more:"2"', "and", ["order : string 1", "and_more : string 2"]],
])("a search query's clauses: %s", (text, kind, clauses) => {
  const query = parseSearchQuery(text);
  expect([query.kind, query.clauses.map(sketch)]).toEqual([kind, clauses]);
});
