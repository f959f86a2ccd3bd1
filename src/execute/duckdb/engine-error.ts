import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { hintForFunction } from "./function-hints.js";
import { tooLongValue } from "./growing-functions.js";

interface ErrorForm {
  readonly pattern: RegExp;
  readonly sqlState: SqlState;
  readonly message: (match: RegExpExecArray) => string;
  readonly detail?: (match: RegExpExecArray) => string | undefined;
  readonly hint?: string | ((match: RegExpExecArray) => string | undefined);
}

const typeHints: ReadonlyMap<string, string> = new Map([
  ["jsonb", "The type is JSON."],
  ["money", "DECIMAL(18,2) holds money; money(Amount, Currency) is an amount in its currency."],
  ["citext", "The type is VARCHAR; ILIKE and lower(…) compare in either case."],
  ["bigserial", "The type is BIGINT."],
  ["serial", "The type is INTEGER."],
]);

const memoryHint = "Select fewer rows or shorter values, or raise the property MemoryLimit.";
const noSpillHint =
  "The system's temporary folder cannot be written, so that nothing is spilled to it: set TMPDIR to one that can, or raise the property MemoryLimit.";

/** DuckDB's own error texts, told apart by their class and wording (DuckDB 1.x). */
const forms: readonly ErrorForm[] = [
  {
    pattern: /Referenced column "(.+?)" (?:was )?not found/,
    sqlState: SqlState.undefinedColumn,
    message: ([, name]) => `column "${name}" does not exist`,
  },
  {
    pattern: /Table "(.+?)" does not have a column named "(.+?)"/,
    sqlState: SqlState.undefinedColumn,
    message: ([, table, name]) => `column "${name}" of "${table}" does not exist`,
  },
  {
    pattern: /Ambiguous reference to column name "(.+?)"/,
    sqlState: SqlState.ambiguousColumn,
    message: ([, name]) => `column reference "${name}" is ambiguous`,
  },
  {
    pattern: /column "(.+?)" must appear in the GROUP BY clause/,
    sqlState: SqlState.groupingError,
    message: ([, name]) => `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
  },
  {
    pattern: /Cannot mix aggregates with non-aggregated columns/,
    sqlState: SqlState.groupingError,
    message: () =>
      "GROUP BY ALL does not know what to group by for a column that stands in one expression with an aggregate",
    hint: "Name the columns in GROUP BY.",
  },
  {
    pattern: /Referenced table "(.+?)" not found/,
    sqlState: SqlState.undefinedTable,
    message: ([, name]) => `missing FROM-clause entry for table "${name}"`,
  },
  {
    pattern: /Table with name (\S+) does not exist/,
    sqlState: SqlState.undefinedTable,
    message: ([, name]) => `relation "${name}" does not exist`,
    hint: "SHOW TABLES lists the tables.",
  },
  {
    pattern: /Type with name (\S+) does not exist/,
    sqlState: SqlState.undefinedObject,
    message: ([, name]) => `type "${name}" does not exist`,
    hint: ([, name = ""]) => typeHints.get(name.toLowerCase()),
  },
  {
    pattern: /Function with name (\S+) does not exist/,
    sqlState: SqlState.undefinedFunction,
    message: ([, name]) => `function ${name} does not exist`,
    hint: ([, name = ""]) => hintForFunction(name),
  },
  {
    pattern: /No function matches the given name and argument types '(.+?)'/,
    sqlState: SqlState.undefinedFunction,
    message: ([, call]) => `function or operator does not exist: ${call}`,
    hint: ([, call = ""]) =>
      hintForFunction(call.slice(0, call.indexOf("("))) ?? "An explicit cast may be needed, as in DATE '2026-01-31'.",
  },
  {
    pattern: /syntax error at or near "(.+?)"/,
    sqlState: SqlState.syntaxError,
    message: ([, near]) => `syntax error at or near "${near}"`,
  },
  {
    pattern: /syntax error at end of input/,
    sqlState: SqlState.syntaxError,
    message: () => "syntax error at end of input",
  },
  {
    pattern:
      /(?:value '.*' can't be cast to the destination type|Unimplemented type for cast \(.* ->) (.+?)\[\].*when casting from source column (\S+)/,
    sqlState: SqlState.datatypeMismatch,
    message: ([, type, column]) => `column "${column}" is no array, but is compared with one of ${type}`,
    hint: "Compare with an array by IN (…) or = ANY (…).",
  },
  {
    pattern: /LIMIT\/OFFSET cannot be negative/,
    sqlState: SqlState.invalidRowCountInLimit,
    message: () => "LIMIT and OFFSET must not be negative",
  },
  {
    pattern: /^Invalid Input Error: division by zero/,
    sqlState: SqlState.divisionByZero,
    message: () => "division by zero",
  },
  {
    pattern: /Max expression depth limit of \d+ exceeded/,
    sqlState: SqlState.programLimitExceeded,
    message: () => "text is nested too deeply",
  },
  {
    pattern: new RegExp(tooLongValue),
    sqlState: SqlState.programLimitExceeded,
    message: () => "a value is too long",
    hint: "One call makes a text of a million bytes, or a list of a million elements, at most.",
  },
  {
    // Of Node's: a text that no text of JavaScript can be.
    pattern: /^(Cannot create a string longer than|Invalid string length)/,
    sqlState: SqlState.programLimitExceeded,
    message: () => "a value is too long",
    hint: "Select a part of it by substr(…).",
  },
  {
    // By wording too: what an appender fails by has lost its class.
    pattern:
      /Out of Memory Error|[Ff]ailed to (?:allocate|pin|offload) |could not allocate block|^(?:std::bad_alloc|Array buffer allocation failed)/,
    sqlState: SqlState.outOfMemory,
    message: () => "out of memory",
    detail: ({ input }) => /^.*\(.+ used\)/m.exec(input)?.[0].replace(/^(?:.* Error|Failed to \w+): /, ""),
    hint: ({ input }) => (input.includes("no temporary directory") ? noSpillHint : memoryHint),
  },
  {
    pattern: /^(FATAL|INTERNAL) Error/,
    sqlState: SqlState.internalError,
    message: () => "the local engine came upon a mistake of its own, and has been replaced",
    hint: "Run the statement again; if it fails again, please report it.",
  },
  {
    pattern: /^INTERRUPT/i,
    sqlState: SqlState.queryCanceled,
    message: () => "canceling statement due to user request",
  },
];

/** DuckDB's classes of errors; FATAL and INTERNAL are not here: they are bugs. Source: duckdb/common/exception.hpp */
const classStates: readonly (readonly [RegExp, SqlState])[] = [
  [/^(Parser|Syntax) Error/, SqlState.syntaxError],
  [/^(Conversion|Invalid Input|Out of Range|Decimal) Error/, SqlState.invalidTextRepresentation],
  [/^Divide by Zero Error/, SqlState.divisionByZero],
  [/^(Binder|Mismatch Type|Invalid type|Unknown Type|Expression) Error/, SqlState.datatypeMismatch],
  [/^Parameter Not (Resolved|Allowed) Error/, SqlState.indeterminateDatatype],
  [/^Catalog Error/, SqlState.undefinedFunction],
  [/^(Constraint|Dependency|Index) Error/, SqlState.integrityViolation],
  [/^Object Size Error/, SqlState.programLimitExceeded],
  [/^TransactionContext Error/, SqlState.invalidTransactionState],
  [/^(Settings|Invalid Configuration|Sequence) Error/, SqlState.invalidParameterValue],
  [/^(IO|HTTP|Network) Error/, SqlState.undefinedFile],
  [/^(Not implemented|Permission|Missing Extension|Extension|Autoloading) /i, SqlState.featureNotSupported],
  [/^(Planner|Executor|Optimizer|Serialization|Stat) Error/, SqlState.dataException],
];

/**
 * Whether the engine answers no statement any more: DuckDB switches a database off that came upon a mistake of its own.
 * Source: https://duckdb.org/docs/stable/dev/internal_errors
 */
export function hasEnded(error: unknown): boolean {
  return error instanceof Error && /^(FATAL|INTERNAL) Error/.test(error.message);
}

/** Of a statement that was stopped because of what it held. */
export function outOfMemoryError(): StripeSqlError {
  return new StripeSqlError("out of memory", {
    sqlState: SqlState.outOfMemory,
    phase: "execute",
    detail: "The statement held more memory than the connection may.",
    hint: memoryHint,
  });
}

/** A failure of the local engine as a StripeSqlError; one that is so already stays as it is. */
export function engineError(error: unknown, sql?: string): StripeSqlError {
  if (error instanceof StripeSqlError) return error;
  const text = (error instanceof Error ? error.message : String(error)).replace(
    /^(?:Failed to \w+(?: statements?)?: )+/,
    "",
  );
  const first = text.split("\n", 1)[0] ?? text;
  for (const form of forms) {
    const match = form.pattern.exec(text);
    if (match === null) continue;
    const hint = typeof form.hint === "function" ? form.hint(match) : form.hint;
    return build(form.message(match), form.sqlState, { error, text, sql, detail: form.detail?.(match), hint });
  }
  const state = classStates.find(([pattern]) => pattern.test(text))?.[1];
  const message = first.replace(/^[A-Z][A-Za-z ]* Error: /, "");
  return build(message, state ?? SqlState.internalError, { error, text, sql });
}

interface ErrorParts {
  readonly error: unknown;
  readonly text: string;
  readonly sql: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

function build(message: string, sqlState: SqlState, { error, text, sql, detail, hint }: ErrorParts): StripeSqlError {
  const candidates = /(?:Candidate (?:bindings|tables)|Did you mean)[: ]\s*(.+?)\??$/m.exec(text)?.[1];
  return new StripeSqlError(message, {
    sqlState,
    phase: sqlState === SqlState.syntaxError ? "syntax" : "execute",
    cause: error,
    detail,
    hint: hint ?? (candidates === undefined ? undefined : `Did you mean ${candidates}?`),
    position: sql === undefined ? undefined : caretPosition(text, sql),
  });
}

/** DuckDB prints the line and a caret under the mistake; long lines are cut, so the place is looked up. */
function caretPosition(text: string, sql: string): number | undefined {
  const match = /LINE (\d+): (.*)\n( *)\^/.exec(text);
  if (match === null) return undefined;
  const [, lineNumber = "1", shown = "", indent = ""] = match;
  const lines = sql.split("\n");
  const lineStart = lines.slice(0, Number(lineNumber) - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const excerpt = shown.replace(/^\.\.\.|\.\.\.$/g, "");
  const cut = shown.startsWith("...") ? 3 : 0;
  const found = (lines[Number(lineNumber) - 1] ?? "").indexOf(excerpt);
  const column = indent.length - `LINE ${lineNumber}: `.length - cut;
  return found < 0 || column < 0 ? undefined : lineStart + found + column;
}
