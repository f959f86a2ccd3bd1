import { expect, test } from "vitest";
import { parseConnectionString } from "../../src/syntax/parse-connection-string.js";

test.each([
  ["", []],
  [" ; ;", []],
  ["ApiKey=key_1;AccountId=acct_1", ["ApiKey<key_1>0", "AccountId<acct_1>13"]],
  ["Name=\"va;l\"\"ue\";Other='it''s'", ['Name<va;l"ue>0', "Other<it's>16"]],
  [" Api Key =  a b ; Empty=", ["Api Key<a b>1", "Empty<>18"]],
  ["ApiBase=http://h/?a=b", ["ApiBase<http://h/?a=b>0"]],
  ["A=1;A=2", ["A<1>0", "A<2>4"]],
  ['A="  kept  "', ["A<  kept  >0"]],
])("a connection string's pairs come in order, with their places: %j", (text, pairs) => {
  expect(parseConnectionString(text).map(({ name, value, position }) => `${name}<${value}>${position}`)).toEqual(pairs);
});
