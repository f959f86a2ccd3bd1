import type { Catalog } from "../../../catalog/catalog.js";
import type { UnrunStatement } from "../../../driver/unrun-statement.js";
import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { CopyToStatement, PostgresStatement } from "../../../syntax/postgres/postgres-statement.js";
import { splitScript } from "../../../syntax/read-tokens.js";
import type { ScriptPart } from "../../../syntax/script-part.js";
import type { TextBounds } from "../../../syntax/text-bounds.js";
import { requireWithinBounds } from "../../../syntax/text-bounds.js";
import { nameOf } from "../../../syntax/token.js";
import { quoteName } from "../../../value/quote.js";
import { sessionError } from "../../session/session-error.js";
import type { DuckdbStatement, SessionStatement } from "../../session/session-statement.js";
import { movedError } from "../moved-error.js";
import { heldPlace } from "./held-query.js";
import { isServerQuestion, mayAskServer } from "./server-question.js";
import { isSessionCommand } from "./session-command.js";

/** As PostgreSQL's texts have them. */
const bounds: TextBounds = { length: 256 * 1024, semicolons: 1000, depth: 1000, conjunctions: 5000 };

export interface ScriptReaders {
  /** Reads a text of one statement in the driver's dialect. */
  readonly duckdb: (text: string) => readonly UnrunStatement[];
  /** Reads a text in PostgreSQL's dialect. */
  readonly postgres: (text: string) => Promise<readonly PostgresStatement[]>;
  readonly catalog: Pick<Catalog, "findProcedure">;
}

/**
 * The statements of a text that a session on DuckDB sends. Its own commands, and what asks about the server, are read by
 * PostgreSQL's parser; all else by the driver's, what such a command holds too.
 */
export async function readDuckdbScript(sql: string, readers: ScriptReaders): Promise<readonly SessionStatement[]> {
  requireWithinBounds(sql, bounds);
  const statements: SessionStatement[] = [];
  for (const part of splitScript(sql)) statements.push(await readPart(part, readers));
  return statements;
}

async function readPart(part: ScriptPart, readers: ScriptReaders): Promise<SessionStatement> {
  const { tokens, text, start } = part;
  if (isSessionCommand(tokens, (name) => readers.catalog.findProcedure(nameOf(name)) !== undefined))
    return readCommand(part, readers);
  if (mayAskServer(tokens)) {
    const [query, another] = await readers.postgres(text).catch(noneOfPostgres);
    if (query?.kind === "query" && another === undefined && isServerQuestion(query, tokens)) return moved(query, start);
  }
  return readDuckdb(text, start, readers);
}

/** What PostgreSQL's parser does not take is in DuckDB's dialect, or in none: its own reader says so. */
function noneOfPostgres(error: unknown): readonly PostgresStatement[] {
  if (error instanceof StripeSqlError) return [];
  throw error;
}

/** A command with what it holds: to PostgreSQL's parser that is an empty query. */
async function readCommand(part: ScriptPart, readers: ScriptReaders): Promise<SessionStatement> {
  const { tokens, text, start } = part;
  const held = heldPlace(tokens, start + text.length);
  if (held === undefined) return readPlainCommand(part, readers);
  const [from, to] = [held.start - start, held.end - start];
  const own = `${text.slice(0, from)}${"SELECT".padEnd(to - from)}${text.slice(to)}`;
  const command = await readOne(own, start, readers);
  const place = { text, offset: start };
  switch (command.kind) {
    case "declare":
      return { ...command, ...place, statement: readQuery(text.slice(from, to), held.start, readers) };
    case "prepare":
      return { ...command, ...place, statement: readDuckdb(text.slice(from, to), held.start, readers) };
    case "copy-to": {
      const { options } = requireToClient(command);
      return { ...readQuery(text.slice(from, to), held.start, readers), ...place, copy: options };
    }
  }
  return command;
}

/** A command that holds no statement; COPY of a table copies all of its rows. */
async function readPlainCommand({ text, start }: ScriptPart, readers: ScriptReaders): Promise<SessionStatement> {
  const command = await readOne(text, start, readers);
  if (command.kind !== "copy-to" || command.source.kind !== "table") return command;
  const { table, columns } = command.source;
  if (table.schema === "pg_catalog" || table.name.startsWith("pg_")) return command;
  const { options } = requireToClient(command);
  const list = columns.length === 0 ? "*" : columns.map(quoteName).join(", ");
  const schema = table.schema === undefined ? "" : `${quoteName(table.schema)}.`;
  const select = `SELECT ${list} FROM `;
  // What is not found is the table, or a column of its list, which has no place of its own.
  const queryStart = (table.position ?? 0) + start - select.length;
  const query = readQuery(`${select}${schema}${quoteName(table.name)}`, queryStart, readers);
  return { ...query, text, offset: start, copy: options };
}

function requireToClient(command: CopyToStatement): CopyToStatement {
  if (command.destination.kind === "client") return command;
  throw sessionError("COPY to a file or program of the server is not supported", SqlState.featureNotSupported, {
    hint: "COPY … TO STDOUT, or psql's \\copy.",
  });
}

/** One statement of PostgreSQL's. */
async function readOne(text: string, start: number, { postgres }: ScriptReaders): Promise<PostgresStatement> {
  try {
    const [statement, another] = await postgres(text);
    if (statement !== undefined && another === undefined) return moved(statement, start);
  } catch (error) {
    throw movedError(error, start);
  }
  throw sessionError("the statement cannot be read", SqlState.syntaxError, { position: start });
}

/** A statement that was read of a part of the script, with its places in that. */
function moved(statement: PostgresStatement, start: number): PostgresStatement {
  const offset = statement.offset + start;
  if (statement.kind === "refused") return { ...statement, offset, error: movedError(statement.error, start) };
  if (!("functions" in statement)) return { ...statement, offset };
  const functions = statement.functions.map((call) => ({
    ...call,
    position: call.position === undefined ? undefined : call.position + start,
  }));
  return { ...statement, offset, functions };
}

/** What gives rows and changes nothing. */
const queryKinds: ReadonlySet<string> = new Set(["select", "show", "describe", "explain"]);

function readQuery(text: string, start: number, readers: ScriptReaders): DuckdbStatement {
  const read = readDuckdb(text, start, readers);
  if (queryKinds.has(read.statement.kind)) return read;
  throw sessionError("a query is expected here", SqlState.featureNotSupported, {
    detail: `${read.statement.kind.toUpperCase()} is none.`,
    position: start,
  });
}

/** Commands of the session's that another would hold: the driver knows them, and would run them on a session of its own. */
const ownKinds: ReadonlySet<string> = new Set(["set", "reset", "show-setting", "begin", "commit", "rollback"]);

function readDuckdb(text: string, start: number, { duckdb }: ScriptReaders): DuckdbStatement {
  const statement = readOnly(text, start, duckdb);
  return { kind: "duckdb", text, offset: start, statement, start };
}

function readOnly(text: string, start: number, read: ScriptReaders["duckdb"]): UnrunStatement {
  try {
    const [statement] = read(text);
    if (statement !== undefined && !ownKinds.has(statement.kind)) return statement;
  } catch (error) {
    throw movedError(error, start);
  }
  throw sessionError("the statement cannot stand here", SqlState.syntaxError, { position: start });
}
