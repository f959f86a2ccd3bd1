import type Stripe from "stripe";

/** Names that are easily taken for something else; each becomes a customer of the tests' sandbox. */
export const oddNames: readonly string[] = [
  "José",
  "Jose\u0301",
  "\u{1F600} smile",
  "\u{1D49C}\u{1F469}\u200D\u{1F680}",
  "non\u00A0breaking",
  "line\nbreak",
  "tab\tbell\u0007",
  "東京",
  "\u202Ereversed",
  "“curly” ‘quotes’",
  "100\\% sure",
  "true",
  "NULL",
  "%",
  "?",
  "O'Hara",
  "'",
  "''",
  "'quoted'",
  "back\\slash",
  "back\\\\slash",
  "\\",
  "\\'",
  "C:\\new\\u0041",
  "'; DELETE FROM Customer; --",
  "x' OR '1'='1",
  "x') OR (1=1) --",
  '" OR 1=1 --',
  "/* all */",
  "-- nothing",
  "$$; DELETE FROM Customer; $$",
  "$1",
  "@name",
  ":name",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that looks like one
  "${env}",
  "{{Name}}",
  "); DELETE FROM Customer; --",
  "' UNION SELECT * FROM Charge --",
  "a'; UPDATE Customer SET Name = 'b",
  "x'::TEXT",
  "E'\\x41'",
  "U&'\\0041'",
  "' || lower('A') || '",
  "%27 OR 1=1",
  "&limit=100&starting_after=cus_1",
];

/** Keys that JSON paths, SQL or the filter language itself would read otherwise. */
const oddMetadata: Readonly<Record<string, string>> = {
  flag: "true",
  in: "one",
  and: "two",
  "2024": "digits",
  über: "ümlaut",
  "with space": "spaced",
  "with.dot": "dotted",
  "$.order_id": "dollar",
  $: "root",
  "/order_id": "slash",
  "*": "star",
  "~1": "tilde",
  "it's": "quoted",
  'say "hi"': "doubled",
  "a'); DROP TABLE Customer; --": "key",
};

/** Creates them past the connector; their balance is 1, where no other customer's is above 0. */
export async function createOddCustomers(stripe: Stripe): Promise<void> {
  for (const name of oddNames) await stripe.customers.create({ name, balance: 1 });
  await stripe.customers.create({ name: "odd metadata", balance: 1, metadata: oddMetadata });
}
