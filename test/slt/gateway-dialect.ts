/** Statements of the .slt files that PostgreSQL reads otherwise than DuckDB, by why it does. */
export interface DialectDifference {
  readonly reason: string;
  /** What PostgreSQL refuses them with; undefined where it gives other rows. */
  readonly sqlState: string | undefined;
  readonly statements: RegExp;
}

export const dialectDifferences: readonly DialectDifference[] = [
  {
    reason: "syntax that PostgreSQL does not have",
    sqlState: "42601",
    statements:
      /\bEXCLUDE\b|\b(SEMI|ANTI) JOIN\b|\bUSING SAMPLE\b|\b(GROUP|ORDER) BY ALL\b|\bQUALIFY\b|\b(UN)?PIVOT\b|^FROM\b|\[|`|INTERVAL 1 MONTH|^DESCRIBE\b/,
  },
  { reason: "parameters by name, which a driver of PostgreSQL's has replaced", sqlState: "42601", statements: /[:]\w/ },
  { reason: "parameters by name, which a driver of PostgreSQL's has replaced", sqlState: "42883", statements: /@\w/ },
  {
    reason: "functions that PostgreSQL does not have, or has by another name",
    sqlState: "42883",
    statements:
      /\b(list|list_contains|median|quantile_cont|arg_max|json_array_length|epoch|typeof|strftime|json_extract|json_extract_string|json_keys)\(/,
  },
  { reason: "a cast of JSON to a list", sqlState: "42846", statements: /::JSON\[\]/ },
  { reason: "types that cannot be told", sqlState: "42725", statements: /SELECT (\$1 \+ \$2|\? \+ \?)/ },
  { reason: "names that keep their capitals", sqlState: "42P01", statements: /"Customer"/ },
  {
    reason: "a name in the singular, which the gateway has in the plural",
    sqlState: "42P01",
    statements: /payment_intent\b/,
  },
  { reason: "API v2's tables by their names in SQL", sqlState: "42P01", statements: /\bv2\.[A-Z]/ },
  { reason: "the driver's own system tables, instead of PostgreSQL's", sqlState: "42P01", statements: /\bsys_\w+/ },
  { reason: "the driver's own lists", sqlState: "42704", statements: /^SHOW (TABLES|PROCEDURES)/ },
  { reason: "a path in JSON, which is a name to PostgreSQL", sqlState: undefined, statements: /'\$\.address/ },
  { reason: "a name that SELECT gives, in HAVING", sqlState: "42703", statements: /HAVING n\b/ },
  { reason: "an object of a row, by the name of a column", sqlState: "42P01", statements: /SELECT c\.Id IS NOT NULL/ },
  { reason: "a `?` without a value for it", sqlState: "42601", statements: /\?/ },
  { reason: "another SQLSTATE for too many values", sqlState: "08P01", statements: /\?/ },
  { reason: "a fraction as the value of a whole number's parameter", sqlState: "22P02", statements: /Balance > \?/ },
  { reason: "another SQLSTATE for what is no time", sqlState: "22007", statements: /yesterdayish/ },
  {
    reason: "another SQLSTATE for a column that is compared with a number",
    sqlState: "42883",
    statements: /Created > 1735689600|Email = 12/,
  },
  { reason: "Stripe's names in information_schema", sqlState: undefined, statements: /information_schema\./ },
  { reason: "a cost behind what EXPLAIN says, for tools that read one", sqlState: undefined, statements: /^EXPLAIN\b/ },
];

/** Statements that send other requests through the gateway, by why they do. */
export const requestDifferences: readonly Pick<DialectDifference, "reason" | "statements">[] = [
  { reason: "of a zone's times past 2200 the planner asks nothing of PostgreSQL", statements: /'2300-01-01'/ },
];
