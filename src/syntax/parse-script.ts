import type { ArrayParameters } from "./expand-arrays.js";
import type { Views } from "./expand-views.js";
import type { Query } from "./expression.js";
import { pendingQuery } from "./pending-query.js";
import { readStatements } from "./read-tokens.js";
import { unsupportedStatement } from "./refuse-statement.js";
import type { ParsedStatement, SettingName } from "./statement.js";
import type {
  RawCreateTable,
  RawCreateView,
  RawNamedQuery,
  RawPlainStatement,
  RawRange,
  RawSet,
  RawStatement,
} from "./statement-tree.js";
import { syntaxError } from "./syntax-error.js";
import type { Token } from "./token.js";
import { nameOf, stringValueOf } from "./token.js";
import type { ParsedPlain, PlainStatement } from "./write/parsed-write.js";
import { columnName, statementBase, tableName } from "./write/parsed-write.js";
import { readDelete, readUpdate } from "./write/read-change.js";
import { readCopy } from "./write/read-copy.js";
import { readExecute } from "./write/read-execute.js";
import { readInsert } from "./write/read-insert.js";
import { readMerge } from "./write/read-merge.js";
import { readQuery } from "./write/read-query.js";
import { WriteExpressions } from "./write-expressions.js";

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

function statement(raw: RawStatement, source: string, reading: Reading): ParsedStatement {
  if (raw.kind !== "explain") return plainStatement(raw, source, reading);
  const inner = plainStatement(raw.statement, source, reading);
  const { analyze = false, format = "text" } = raw.options;
  const own = { kind: "explain", ...statementBase(raw, source, inner.parameters) } as const;
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
    case "create-table":
      return createTempTable(raw, new WriteExpressions(source, arrays, false, views));
    case "refresh":
      return read({ kind: "refresh", ...statementBase(raw, source, []), name: tableName(raw.name) });
    case "drop-view":
    case "drop-table": {
      const { kind, isOptional } = raw;
      return read({ kind, ...statementBase(raw, source, []), isOptional, name: tableName(raw.name) });
    }
    case "insert":
      return readInsert(raw, new WriteExpressions(source, arrays, true, views));
    case "update":
      return readUpdate(raw, new WriteExpressions(source, arrays, true, views));
    case "delete":
      return readDelete(raw, new WriteExpressions(source, arrays, true, views));
    case "merge":
      return readMerge(raw, new WriteExpressions(source, arrays, true, views));
    case "copy":
      return readCopy(raw, source);
    case "execute":
      return readExecute(raw, new WriteExpressions(source, arrays, true, views));
    case "show-write":
    case "resume":
    case "forget":
      return read({ kind: raw.kind, ...statementBase(raw, source, []), write: stringValueOf(raw.write) });
    case "show":
      return read({ kind: "show", ...statementBase(raw, source, []), what: raw.what });
    case "describe":
      return read({ kind: "describe", ...statementBase(raw, source, []), name: tableName(raw.name) });
    case "forget-rows":
      return read({ kind: "forget-rows", ...statementBase(raw, source, []), all: raw.all });
    case "set":
      return read({ ...statementBase(raw, source, []), ...setOf(raw) });
    case "show-setting":
    case "reset":
      return read({ ...statementBase(raw, source, []), kind: raw.kind, setting: settingName(raw.setting) });
    case "begin":
    case "commit":
    case "rollback":
      return read({ kind: raw.kind, ...statementBase(raw, source, []) });
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

/** A statement of which nothing is left to be read. */
function read(whole: PlainStatement): ParsedPlain {
  const { kind, text, offset, parameters } = whole;
  return { kind, text, offset, parameters, unparsed: undefined, complete: () => whole };
}

function select(raw: RawRange & { readonly tokens: readonly Token[] }, expressions: WriteExpressions): ParsedPlain {
  const { tokens, statement: whole } = readQuery(raw, [], expressions);
  const query = pendingQuery(tokens);
  const { kind, text, offset, parameters } = whole;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: query.unparsed,
    complete: (tree) => ({ ...whole, query: query.tree(tree) }),
  };
}

function createView(raw: RawCreateView, expressions: WriteExpressions): ParsedPlain {
  const named = namedQuery(raw.query, expressions);
  const [parameter] = expressions.parameters;
  if (parameter !== undefined) {
    const position = raw.query.tokens.find(({ kind }) => kind === "parameter")?.start ?? raw.start;
    throw syntaxError("a view's query takes no parameters", { position });
  }
  const { kind, replaces, isTemporary } = raw;
  const own = statementBase(raw, expressions.source, []);
  return {
    ...{ kind, ...own },
    unparsed: named.unparsed,
    complete: (tree) => ({ kind, ...own, replaces, isTemporary, name: tableName(raw.name), ...named.complete(tree) }),
  };
}

function createTempTable(raw: RawCreateTable, expressions: WriteExpressions): ParsedPlain {
  const named = namedQuery(raw.query, expressions);
  const { kind, replaces, isOptional } = raw;
  const own = statementBase(raw, expressions.source, expressions.parameters);
  return {
    ...{ kind, ...own },
    unparsed: named.unparsed,
    complete: (tree) => ({ kind, ...own, replaces, isOptional, name: tableName(raw.name), ...named.complete(tree) }),
  };
}

/** A query that is given a name, with its text as it stands in the script. */
function namedQuery(raw: RawNamedQuery, expressions: WriteExpressions) {
  const { tokens, statement: whole } = readQuery(raw, [], expressions);
  const query = pendingQuery(tokens);
  const sql = expressions.source.slice(raw.start, raw.end);
  return {
    unparsed: query.unparsed,
    complete: (tree: Query | undefined) => ({ sql, select: { ...whole, query: query.tree(tree) } }),
  };
}
