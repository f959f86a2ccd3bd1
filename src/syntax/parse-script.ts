import { constantOf } from "./copy-literal.js";
import type { Expression } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { normalise, printTokens } from "./normalise.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import { readStatements } from "./read-tokens.js";
import { refuseOtherThanQuery, unsupportedStatement } from "./refuse-statement.js";
import { parseSelectList, parseSelectTokens } from "./select-parser.js";
import type {
  ColumnName,
  DeleteStatement,
  ExecuteStatement,
  InsertStatement,
  Returning,
  SelectStatement,
  SqlExpression,
  Statement,
  StatementBase,
  TableName,
  UpdateStatement,
} from "./statement.js";
import type {
  RawDelete,
  RawExecute,
  RawExpression,
  RawInsert,
  RawPlainStatement,
  RawRange,
  RawStatement,
  RawTableName,
  RawUpdate,
} from "./statement-tree.js";
import type { Token } from "./token.js";
import { nameOf } from "./token.js";

/**
 * The statements of a script, parted by semicolons; none for an empty one. Positions in them, and in the
 * error (42601, or 0A000 for a statement of SQL that is not supported), are offsets in `text`.
 */
export function parseScript(text: string): readonly Statement[] {
  return readStatements(text).map((raw) => statement(raw, text));
}

type PlainStatement = Exclude<Statement, { kind: "explain" }>;

function statement(raw: RawStatement, source: string): Statement {
  if (raw.kind !== "explain") return plainStatement(raw, source);
  const inner = plainStatement(raw.statement, source);
  const { analyze = false, format = "text" } = raw.options;
  return { kind: "explain", ...base(raw, source, inner.parameters), analyze, format, statement: inner };
}

function plainStatement(raw: RawPlainStatement, source: string): PlainStatement {
  const reader = new ExpressionReader(source);
  switch (raw.kind) {
    case "select":
      return select(raw, reader);
    case "insert":
      return insert(raw, reader);
    case "update":
      return update(raw, reader);
    case "delete":
      return remove(raw, reader);
    case "execute":
      return execute(raw, reader);
    case "show":
      return { kind: "show", ...base(raw, source, []), what: raw.what };
    case "describe":
      return { kind: "describe", ...base(raw, source, []), name: tableName(raw.name) };
    case "begin":
    case "commit":
    case "rollback":
      return { kind: raw.kind, ...base(raw, source, []) };
    case "unknown":
      throw unsupportedStatement(raw.keyword);
  }
}

function base(range: RawRange, source: string, parameters: readonly string[]): StatementBase {
  return { text: source.slice(range.start, range.end), offset: range.start, parameters };
}

/** Reads one statement's expressions in the order of its text, which numbers its parameters. */
class ExpressionReader {
  private readonly numbering = new ParameterNumbering();

  constructor(readonly source: string) {}

  base(range: RawRange): StatementBase {
    return base(range, this.source, this.numbering.names);
  }

  tokens(tokens: readonly Token[]): readonly SqlToken[] {
    return normalise(tokens, this.source, this.numbering);
  }

  expression(raw: RawExpression): SqlExpression {
    const tokens = this.tokens(raw);
    const expression = onlyConstant(tokens) ?? onlyItem(tokens) ?? unread(tokens);
    return { sql: printTokens(tokens), expression, position: raw[0]?.start ?? 0 };
  }

  optional(raw: RawExpression | null): SqlExpression | undefined {
    return raw === null ? undefined : this.expression(raw);
  }

  returning(raw: RawExpression | null): Returning | undefined {
    if (raw === null) return undefined;
    const tokens = this.tokens(raw);
    return {
      sql: printTokens(tokens),
      position: raw[0]?.start ?? 0,
      items: parseSelectList(tokens) ?? [{ expression: unread(tokens), alias: undefined }],
    };
  }
}

/** A literal or a parameter: most values of a long INSERT are one. */
function onlyConstant(tokens: readonly SqlToken[]): Expression | undefined {
  return tokens.length === 1 ? constantOf(tokens[0]) : undefined;
}

function onlyItem(tokens: readonly SqlToken[]): Expression | undefined {
  const [only, ...rest] = parseSelectList(tokens) ?? [];
  return rest.length === 0 && only?.alias === undefined ? only?.expression : undefined;
}

/** An expression that is not understood: any column may be in it. */
function unread(tokens: readonly SqlToken[]): Expression {
  const hasName = tokens.some(({ kind }) => kind === "word" || kind === "name");
  return { kind: "other", operands: hasName ? [{ kind: "star", table: undefined }] : [] };
}

function select(raw: RawRange & { readonly tokens: readonly Token[] }, reader: ExpressionReader): SelectStatement {
  refuseOtherThanQuery(raw.tokens, reader.source);
  const tokens = reader.tokens(raw.tokens);
  return { kind: "select", ...reader.base(raw), sql: printTokens(tokens), query: parseSelectTokens(tokens) };
}

function insert(raw: RawInsert, reader: ExpressionReader): InsertStatement {
  const source = insertSource(raw.source, reader);
  const returning = reader.returning(raw.returning);
  return {
    kind: "insert",
    ...reader.base(raw),
    table: tableName(raw.table),
    columns: raw.columns.map(columnName),
    source,
    returning,
  };
}

function insertSource(raw: RawInsert["source"], reader: ExpressionReader): InsertStatement["source"] {
  switch (raw.kind) {
    case "values":
      return { kind: "values", rows: raw.rows.map((row) => row.map((value) => reader.expression(value))) };
    case "query":
      return { kind: "query", select: select(raw, reader) };
    case "default-values":
      return raw;
  }
}

function update(raw: RawUpdate, reader: ExpressionReader): UpdateStatement {
  const assignments = raw.assignments.map(({ column, value }) => ({
    column: columnName(column),
    value: reader.expression(value),
  }));
  const where = reader.optional(raw.where);
  const returning = reader.returning(raw.returning);
  return { kind: "update", ...reader.base(raw), ...target(raw), assignments, where, returning };
}

function remove(raw: RawDelete, reader: ExpressionReader): DeleteStatement {
  const where = reader.optional(raw.where);
  const returning = reader.returning(raw.returning);
  return { kind: "delete", ...reader.base(raw), ...target(raw), where, returning };
}

function target(raw: RawUpdate | RawDelete): { readonly table: TableName; readonly alias: string | undefined } {
  return { table: tableName(raw.table), alias: raw.alias === null ? undefined : nameOf(raw.alias) };
}

function execute(raw: RawExecute, reader: ExpressionReader): ExecuteStatement {
  const inputs = raw.arguments.map(({ name, value }) => ({ name: columnName(name), value: reader.expression(value) }));
  return { kind: "execute", ...reader.base(raw), procedure: columnName(raw.procedure), arguments: inputs };
}

function tableName({ schema, name }: RawTableName): TableName {
  return { schema: schema === null ? undefined : nameOf(schema), name: nameOf(name), position: (schema ?? name).start };
}

function columnName(token: Token): ColumnName {
  return { name: nameOf(token), position: token.start };
}
