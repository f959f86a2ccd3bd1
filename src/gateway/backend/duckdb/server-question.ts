import type { StatementMentions } from "../../../syntax/postgres/mentions.js";
import type { Token } from "../../../syntax/token.js";

/** Functions and words by which a client asks about the server, and its own session there; and all that begin with pg_. */
const serverWords: ReadonlySet<string> = new Set([
  ...["version", "current_setting", "set_config", "current_schema", "current_schemas", "current_database"],
  ...["current_catalog", "current_user", "current_role", "session_user", "inet_server_addr", "inet_server_port"],
  ...["inet_client_addr", "inet_client_port", "to_regclass", "to_regtype", "obj_description", "col_description"],
  ...["has_table_privilege", "has_schema_privilege", "has_database_privilege", "format_type"],
]);

const isServerWord = (word: string): boolean => word.startsWith("pg_") || serverWords.has(word);

/** Whether a text names anything of PostgreSQL's: all others are spared its parser. */
export function mayAskServer(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }) => kind === "word" && isServerWord(text.toLowerCase()));
}

/**
 * Whether a query is about the server: it reads PostgreSQL's catalog, beside nothing but information_schema, or reads
 * nothing and calls what only PostgreSQL answers. Tools ask so behind their user's back, whatever dialect that has chosen.
 */
export function isServerQuestion({ relations, functions }: StatementMentions, tokens: readonly Token[]): boolean {
  const isOfCatalog = (schema: string | undefined, name: string) =>
    schema === "pg_catalog" || (schema === undefined && name.startsWith("pg_"));
  if (relations.length === 0)
    return functions.some(({ name }) => isServerWord(name)) || tokens.some(({ text }) => isValueWord(text));
  return (
    relations.some(({ schema, name }) => isOfCatalog(schema, name)) &&
    relations.every(({ schema, name }) => schema === "information_schema" || isOfCatalog(schema, name))
  );
}

/** Functions that are called without brackets. */
const isValueWord = (text: string): boolean => /^(current_(catalog|role|schema|user)|session_user)$/i.test(text);
