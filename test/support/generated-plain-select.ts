import fc from "fast-check";

const words = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const joined = (separator: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.filter((text) => text !== "").join(separator));
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(""), text);
const many = (text: fc.Arbitrary<string>, separator: string): fc.Arbitrary<string> =>
  fc.array(text, { minLength: 1, maxLength: 5 }).map((list) => list.join(separator));

const name = words(
  "a",
  "Email",
  "Type",
  "é",
  "[b c]",
  '"d""e"',
  "`f`",
  "key",
  "value",
  "a_1$",
  "date",
  "user",
  '"a@b"',
);
const column = fc.oneof(name, joined(".", name, name), joined(" . ", name, name));
const constant = words(
  ...["1", "-1", "- 2", "1.50", "-0.5", "007", "1e3", "1E-2", "12345678901234567890", "-9223372036854775808"],
  ...["123456789.123456789012345678901234567890", "'x'", "'it''s'", "''", "'é😀'", "?", "TRUE", "false", "NULL"],
);
const operand = fc.oneof(column, constant);
const condition = fc.oneof(
  joined(" ", operand, words("=", "<>", "!=", "==", "<", "<=", ">", ">="), operand),
  joined("", operand, words("=", "<", ">="), operand),
  joined(" ", operand, words("IS NULL", "is not null")),
  fc.tuple(operand, words("IN (", "NOT IN (", "in("), many(constant, ", ")).map(([a, b, c]) => `${a} ${b}${c})`),
  joined(" ", operand, words("BETWEEN", "NOT BETWEEN"), operand, words("AND"), operand),
  joined(" ", operand, words("LIKE", "NOT LIKE", "ILIKE", "not ilike"), constant),
);
const item = fc.oneof(words("*", "t.*", "[t].*"), joined(" ", operand, optional(joined(" ", words("AS"), name))));
const qualified = joined(".", words("v2", "information_schema", "[s]"), name);
const table = joined(" ", fc.oneof(name, qualified), optional(joined(" ", words("AS", "as"), name)));
const order = joined(
  " ",
  fc.oneof(column, words("1", "2")),
  words("", "ASC", "desc"),
  words("", "NULLS FIRST", "NULLS LAST"),
);

/** SELECTs of the kind that is read without an engine. */
export const plainSelects: fc.Arbitrary<string> = joined(
  " ",
  words("SELECT", "select"),
  many(item, ", "),
  words("FROM", "\nFROM", "FROM -- where from\n"),
  table,
  optional(joined(" ", words("WHERE"), many(condition, " AND "))),
  optional(joined(" ", words("ORDER BY"), many(order, ", "))),
  words("", "LIMIT 5", "LIMIT ?", "LIMIT 5 OFFSET 2", "OFFSET 2", "LIMIT ? OFFSET ?"),
);

const scraps = words(
  ...["SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "BETWEEN", "AS", "BY", "ORDER", "ASC"],
  ...[
    "LIMIT",
    "OFFSET",
    "NULLS",
    "FIRST",
    "LAST",
    "DISTINCT",
    "ALL",
    "end",
    "left",
    "order",
    "interval",
    "current_date",
  ],
  ...["values", "natural", "at", "x", '"y"', "[z]", "1", "-", "-1", "+1", "0x1F", "1_000", ".5", "5.", "'s'", "E's'"],
  ...[
    "$$s$$",
    "x'41'",
    "?",
    "(",
    ")",
    "()",
    "(1)",
    ",",
    ".",
    "*",
    "=",
    "<>",
    "::",
    "->",
    "->>",
    "||",
    "/",
    "[1]",
    "{}",
  ],
  ...[
    "ESCAPE '!'",
    "COLLATE c",
    "::int",
    "AT TIME ZONE 'UTC'",
    "USING SAMPLE 10%",
    "FOR UPDATE",
    "GROUP BY 1",
    "%",
    ";",
  ],
);

/** The same, with pieces put in, left out or twice: most of them broken, or no longer plain. */
export const nearlyPlainSelects: fc.Arbitrary<string> = fc
  .tuple(
    plainSelects,
    fc.array(fc.tuple(fc.nat(), words("insert", "drop", "replace", "repeat"), scraps), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, changes]) => {
    let pieces: readonly string[] = text.split(" ");
    for (const [at, manner, scrap] of changes) pieces = changed(pieces, at, { manner, scrap });
    return pieces.join(" ");
  });

interface Change {
  readonly manner: string;
  readonly scrap: string;
}

function changed(pieces: readonly string[], at: number, { manner, scrap }: Change): readonly string[] {
  const index = at % (pieces.length + 1);
  if (manner === "insert") return pieces.toSpliced(index, 0, scrap);
  if (manner === "drop") return pieces.toSpliced(index, 1);
  return pieces.toSpliced(index, 1, manner === "replace" ? scrap : `${pieces[index] ?? ""} ${pieces[index] ?? ""}`);
}
