import type { ArrayParameters } from "./expand-arrays.js";
import type { Views } from "./expand-views.js";
import { expandViews } from "./expand-views.js";
import type { Query } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { ourName, ourToken, printTokens } from "./normalise.js";
import type { PendingQuery } from "./pending-query.js";
import { pendingQuery } from "./pending-query.js";
import { readStatements } from "./read-tokens.js";
import { refuseOtherThanQuery, unsupportedStatement } from "./refuse-statement.js";
import type {
  ColumnName,
  DeleteStatement,
  InsertStatement,
  ParsedStatement,
  SelectStatement,
  SettingName,
  Statement,
  StatementBase,
  TableName,
  UpdateStatement,
} from "./statement.js";
import type {
  RawCreateView,
  RawDelete,
  RawExecute,
  RawInsert,
  RawPlainStatement,
  RawRange,
  RawSet,
  RawStatement,
  RawTableName,
  RawUpdate,
} from "./statement-tree.js";
import { syntaxError } from "./syntax-error.js";
import type { Token } from "./token.js";
import { nameOf, stringValueOf } from "./token.js";
import type { GatheredTree, Pending } from "./write-expressions.js";
import { WriteExpressions, words } from "./write-expressions.js";

/**
 * The statements of a script, parted by semicolons; none for an empty one. Positions in them, and in the
 * error (42601, or 0A000 for a statement of SQL that is not supported), are offsets in `text`. `arrays`: the parameters
 * that hold arrays, which a text of one statement is read for once their values are known.
 */
export function parseScript(
  text: string,
  arrays: ArrayParameters = noArrays,
  views: Views = noViews,
): readonly ParsedStatement[] {
  rejectHalfPairs(text);
  return readStatements(text).map((raw) => statement(raw, text, { arrays, views }));
}

/** What statements are read with. */
interface Reading {
  readonly arrays: ArrayParameters;
  readonly views: Views;
}

const noViews: Views = new Map();

const noArrays: ArrayParameters = new Map();

/** Half of a surrogate pair would become another character. */
function rejectHalfPairs(text: string): void {
  const position = text.search(/\p{Surrogate}/u);
  if (position >= 0) throw syntaxError("SQL holds half a surrogate pair", { position });
}

type PlainStatement = Exclude<Statement, { kind: "explain" }>;

interface ParsedPlain extends ParsedStatement {
  readonly kind: PlainStatement["kind"];
  complete(tree?: Query): PlainStatement;
}

function statement(raw: RawStatement, source: string, reading: Reading): ParsedStatement {
  if (raw.kind !== "explain") return plainStatement(raw, source, reading);
  const inner = plainStatement(raw.statement, source, reading);
  const { analyze = false, format = "text" } = raw.options;
  const own = { kind: "explain", ...base(raw, source, inner.parameters) } as const;
  return {
    ...own,
    unparsed: inner.unparsed,
    complete: (tree) => ({ ...own, analyze, format, statement: inner.complete(tree) }),
  };
}

function plainStatement(raw: RawPlainStatement, source: string, { arrays, views }: Reading): ParsedPlain {
  switch (raw.kind) {
    case "select":
      return select(raw, new WriteExpressions(source, arrays, false, views));
    case "create-view":
      return createView(raw, new WriteExpressions(source, arrays, false, views));
    case "drop-view": {
      const { kind, isOptional } = raw;
      return read({ kind, ...base(raw, source, []), isOptional, name: tableName(raw.name) });
    }
    case "insert":
      return insert(raw, new WriteExpressions(source, arrays, true, views));
    case "update":
      return update(raw, new WriteExpressions(source, arrays, true, views));
    case "delete":
      return remove(raw, new WriteExpressions(source, arrays, true, views));
    case "execute":
      return execute(raw, new WriteExpressions(source, arrays));
    case "show-write":
    case "resume":
    case "forget":
      return read({ kind: raw.kind, ...base(raw, source, []), write: stringValueOf(raw.write) });
    case "show":
      return read({ kind: "show", ...base(raw, source, []), what: raw.what });
    case "describe":
      return read({ kind: "describe", ...base(raw, source, []), name: tableName(raw.name) });
    case "forget-rows":
      return read({ kind: "forget-rows", ...base(raw, source, []), all: raw.all });
    case "set":
      return read({ ...base(raw, source, []), ...setOf(raw) });
    case "show-setting":
    case "reset":
      return read({ ...base(raw, source, []), kind: raw.kind, setting: settingName(raw.setting) });
    case "begin":
    case "commit":
    case "rollback":
      return read({ kind: raw.kind, ...base(raw, source, []) });
    case "unknown":
      throw unsupportedStatement(raw.keyword);
  }
}

function setOf({ setting, value, isLocal }: RawSet) {
  const given = value.kind === "default" ? undefined : { kind: value.kind, text: settingText(value.text) };
  return { kind: "set", setting: columnName(setting), value: given, isLocal } as const;
}

function settingText(text: Token | string): string {
  if (typeof text === "string") return text;
  return text.kind === "string" ? stringValueOf(text) : nameOf(text);
}

function settingName(token: Token | null): SettingName | undefined {
  return token === null ? undefined : columnName(token);
}

function base(range: RawRange, source: string, parameters: readonly string[]): StatementBase {
  return { text: source.slice(range.start, range.end), offset: range.start, parameters };
}

/** A statement of which nothing is left to be read. */
function read(whole: PlainStatement): ParsedPlain {
  const { kind, text, offset, parameters } = whole;
  return { kind, text, offset, parameters, unparsed: undefined, complete: () => whole };
}

function select(raw: RawRange & { readonly tokens: readonly Token[] }, expressions: WriteExpressions): ParsedPlain {
  const { tokens, statement: whole } = selectStatement(raw, expressions);
  const query = pendingQuery(tokens);
  const { kind, text, offset, parameters } = whole;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query.unparsed,
    complete: (tree) => ({ ...whole, query: query.tree(tree) }),
  };
}

function createView(raw: RawCreateView, expressions: WriteExpressions): ParsedPlain {
  const { tokens, statement: whole } = selectStatement(raw.query, expressions);
  const [parameter] = expressions.parameters;
  if (parameter !== undefined) {
    const position = raw.query.tokens.find(({ kind }) => kind === "parameter")?.start ?? raw.start;
    throw syntaxError("a view's query takes no parameters", { position });
  }
  const query = pendingQuery(tokens);
  const { source } = expressions;
  const own = { kind: "create-view", ...base(raw, source, []), name: tableName(raw.name) } as const;
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query.unparsed,
    complete: (tree) => ({
      ...own,
      replaces: raw.replaces,
      sql: source.slice(raw.query.start, raw.query.end),
      select: { ...whole, query: query.tree(tree) },
    }),
  };
}

interface UnreadSelect {
  readonly tokens: readonly SqlToken[];
  readonly statement: Omit<SelectStatement, "query">;
}

function selectStatement(
  raw: RawRange & { readonly tokens: readonly Token[] },
  expressions: WriteExpressions,
): UnreadSelect {
  refuseOtherThanQuery(raw.tokens, expressions.source);
  const tokens = expandViews(expressions.tokens(raw.tokens), expressions.views);
  const own = base(raw, expressions.source, expressions.parameters);
  return { tokens, statement: { kind: "select", ...own, sql: printTokens(tokens) } };
}

/** A write whose parts wait for the tree of its expressions. */
function write<Kind extends PlainStatement["kind"]>(
  own: StatementBase & { readonly kind: Kind },
  expressions: PendingQuery | undefined,
  complete: (tree: GatheredTree) => PlainStatement,
): ParsedPlain {
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: expressions?.unparsed,
    complete: (tree) => complete(gathered(expressions?.tree(tree))),
  };
}

function gathered(tree: Query | undefined): GatheredTree {
  return tree?.kind === "select" ? tree : { items: [], where: undefined };
}

/** The query of a write's expressions; undefined where there is none to be read. */
function gather(expressions: WriteExpressions, table: string, alias?: string): PendingQuery | undefined {
  return expressions.areAny ? pendingQuery(expressions.select(table, alias)) : undefined;
}

function insert(raw: RawInsert, expressions: WriteExpressions): ParsedPlain {
  if (raw.source.kind === "query") return insertQuery(raw, raw.source, expressions);
  const source = insertSource(raw.source, expressions);
  const returning = expressions.returning(raw.returning);
  const own = insertBase(raw, expressions);
  return write(own, gather(expressions, own.table.name), (tree) => ({
    ...own,
    source: source(tree),
    returning: returning(tree),
  }));
}

function insertBase(raw: RawInsert, { source, parameters }: WriteExpressions) {
  const table = tableName(raw.table);
  return { kind: "insert", ...base(raw, source, parameters), table, columns: raw.columns.map(columnName) } as const;
}

function insertSource(
  raw: Exclude<RawInsert["source"], { kind: "query" }>,
  expressions: WriteExpressions,
): Pending<InsertStatement["source"]> {
  if (raw.kind === "default-values") return () => raw;
  const rows = raw.rows.map((row) => row.map((value) => expressions.value(value)));
  return (tree) => ({ kind: "values", rows: rows.map((row) => row.map((value) => value(tree))) });
}

/** With RETURNING, both are one text: `WITH "source" AS (query) SELECT NULL, returning FROM table`. */
function insertQuery(
  raw: RawInsert,
  source: Extract<RawInsert["source"], { kind: "query" }>,
  expressions: WriteExpressions,
): ParsedPlain {
  const { tokens, statement: whole } = selectStatement(source, expressions);
  const returning = expressions.returning(raw.returning);
  const own = insertBase(raw, expressions);
  const query = pendingQuery(
    raw.returning === null ? tokens : [...asCommonTable(tokens), ...expressions.select(own.table.name, undefined)],
  );
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query.unparsed,
    complete: (read) => {
      const tree = query.tree(read);
      const rows = raw.returning === null ? tree : (tree.ctes[0]?.query ?? tree);
      return {
        ...own,
        source: { kind: "query", select: { ...whole, query: rows } },
        returning: returning(gathered(tree)),
      };
    },
  };
}

function asCommonTable(tokens: readonly SqlToken[]): readonly SqlToken[] {
  return [
    ...words("WITH"),
    ourName("source"),
    ...words("AS"),
    ourToken("open", "("),
    ...tokens,
    ourToken("close", ")"),
  ];
}

function update(raw: RawUpdate, expressions: WriteExpressions): ParsedPlain {
  const assignments = raw.assignments.map(({ column, value }) => ({
    column: columnName(column),
    value: expressions.value(value),
  }));
  const where = expressions.where(raw.where);
  const returning = expressions.returning(raw.returning);
  const own = { kind: "update", ...base(raw, expressions.source, expressions.parameters), ...target(raw) } as const;
  return write(
    own,
    gather(expressions, own.table.name, own.alias),
    (tree): UpdateStatement => ({
      ...own,
      assignments: assignments.map(({ column, value }) => ({ column, value: value(tree) })),
      where: where(tree),
      returning: returning(tree),
    }),
  );
}

function remove(raw: RawDelete, expressions: WriteExpressions): ParsedPlain {
  const where = expressions.where(raw.where);
  const returning = expressions.returning(raw.returning);
  const own = { kind: "delete", ...base(raw, expressions.source, expressions.parameters), ...target(raw) } as const;
  return write(
    own,
    gather(expressions, own.table.name, own.alias),
    (tree): DeleteStatement => ({ ...own, where: where(tree), returning: returning(tree) }),
  );
}

function target(raw: RawUpdate | RawDelete): { readonly table: TableName; readonly alias: string | undefined } {
  return { table: tableName(raw.table), alias: raw.alias === null ? undefined : nameOf(raw.alias) };
}

function execute(raw: RawExecute, expressions: WriteExpressions): ParsedPlain {
  const inputs = raw.arguments.map(({ name, value }) => ({ name: columnName(name), value: expressions.value(value) }));
  const procedure = columnName(raw.procedure);
  const own = { kind: "execute", ...base(raw, expressions.source, expressions.parameters), procedure } as const;
  return write(own, gather(expressions, procedure.name), (tree) => ({
    ...own,
    arguments: inputs.map(({ name, value }) => ({ name, value: value(tree) })),
  }));
}

function tableName({ schema, name }: RawTableName): TableName {
  return { schema: schema === null ? undefined : nameOf(schema), name: nameOf(name), position: (schema ?? name).start };
}

function columnName(token: Token): ColumnName {
  return { name: nameOf(token), position: token.start };
}
