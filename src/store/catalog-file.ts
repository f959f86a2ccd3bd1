import { randomUUID } from "node:crypto";
import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { CompiledCatalog } from "../catalog/compile/compile-catalog.js";
import { lookupNames } from "../catalog/lookup-names.js";
import { cacheFolder, isFileSystemError, makeFolder, makePrivate } from "./cache-folder.js";

/** What a file was compiled from and by; a file of any other origin is compiled anew. */
export interface CatalogOrigin {
  readonly sdkVersion: string;
  readonly apiVersion: string;
  readonly compilerVersion: number;
}

export interface CatalogFileOptions {
  /** The file that came with the package; default none. It is only read: others may use it, and may not be let to write it. */
  readonly shipped?: string | undefined;
  /** Default: the user's cache folder. */
  readonly cachePath?: string | undefined;
  readonly origin: CatalogOrigin;
  readonly compile: () => CompiledCatalog;
  /** Told where what was compiled cannot be kept in the folder, with the system's or SQLite's error. */
  readonly onUnkept?: ((folder: string, error: NodeJS.ErrnoException) => void) | undefined;
}

/**
 * Opens the file of compiled metadata, read-only: the package's own, else that of the cache folder, which is compiled
 * first where it is missing, damaged or of another origin. Two processes may do so at once: each writes a file of its
 * own and renames it into place. Where the folder cannot be written, the database lives in memory.
 */
export function openCatalogFile(options: CatalogFileOptions): Database.Database {
  const { shipped, origin } = options;
  return (shipped === undefined ? undefined : openValid(shipped, origin)) ?? openCached(options);
}

/** For a file that turned out damaged while it was read: the package's own is left as it is. */
export function replaceCatalogFile(damaged: string, options: CatalogFileOptions): Database.Database {
  if (damaged === options.shipped) return openCached(options);
  const folder = cacheFolder(options.cachePath);
  return build(folder, join(folder, fileName(options.origin)), options);
}

/** Writes a file for all to read, to go with the package. */
export function writeShippedFile(file: string, options: Filling): void {
  removeIfThere(file);
  fillFile(file, options);
  chmodSync(file, 0o644);
}

function openCached(options: CatalogFileOptions): Database.Database {
  const folder = cacheFolder(options.cachePath);
  const file = join(folder, fileName(options.origin));
  return openValid(file, options.origin) ?? build(folder, file, options);
}

/** What was compiled for a file that then cannot be put in place serves for memory. */
function build(folder: string, file: string, options: CatalogFileOptions): Database.Database {
  let compiled: CompiledCatalog | undefined;
  const compile = () => {
    compiled ??= options.compile();
    return compiled;
  };
  const once = { ...options, compile };
  return buildFile(folder, file, once) ?? buildInMemory(once);
}

function fileName({ sdkVersion, apiVersion, compilerVersion }: CatalogOrigin): string {
  return `catalog-${sdkVersion}-${apiVersion}-${compilerVersion}.sqlite`;
}

function openValid(file: string, origin: CatalogOrigin): Database.Database | undefined {
  let database: Database.Database | undefined;
  try {
    const size = statSync(file).size;
    database = new Database(file, { readonly: true, fileMustExist: true });
    if (isWhole(database, size) && readOrigin(database) === JSON.stringify(origin)) return database;
  } catch (error) {
    if (!(error instanceof Database.SqliteError) && !isFileSystemError(error)) throw error;
  }
  database?.close();
  return undefined;
}

/** A file cut off, or longer than it says, was not written to its end. */
function isWhole(database: Database.Database, size: number): boolean {
  return (
    Number(database.pragma("page_count", { simple: true })) * Number(database.pragma("page_size", { simple: true })) ===
    size
  );
}

function readOrigin(database: Database.Database): unknown {
  return database.prepare("SELECT value FROM origin").pluck().get();
}

function buildFile(folder: string, file: string, options: CatalogFileOptions): Database.Database | undefined {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    makeFolder(folder);
    fillFile(temporary, options);
    renameSync(temporary, file);
    return openValid(file, options.origin);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) && !isFileSystemError(error)) throw error;
    options.onUnkept?.(folder, error);
    return undefined;
  } finally {
    removeIfThere(temporary);
  }
}

/** Beneath what is no folder there is no file. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
}

type Filling = Pick<CatalogFileOptions, "origin" | "compile">;

function fillFile(file: string, options: Filling): void {
  makePrivate(file);
  const database = new Database(file);
  try {
    // The file is renamed into place only once it is whole, so a crash in between loses nothing.
    database.pragma("journal_mode = OFF");
    database.pragma("synchronous = OFF");
    fill(database, options);
  } finally {
    database.close();
  }
}

function buildInMemory(options: CatalogFileOptions): Database.Database {
  const database = new Database(":memory:");
  fill(database, options);
  return database;
}

const schema = `
  CREATE TABLE origin (value TEXT NOT NULL);
  CREATE TABLE table_definition (
    id INTEGER PRIMARY KEY, schema TEXT NOT NULL, name TEXT NOT NULL, stripe_name TEXT NOT NULL, definition TEXT NOT NULL
  );
  CREATE TABLE table_lookup (
    schema TEXT NOT NULL, lookup TEXT NOT NULL, id INTEGER NOT NULL, naming TEXT NOT NULL, PRIMARY KEY (schema, lookup)
  ) WITHOUT ROWID;
  CREATE TABLE procedure_definition (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, lookup TEXT NOT NULL UNIQUE, definition TEXT NOT NULL
  );
`;

function fill(database: Database.Database, { origin, compile }: Filling): void {
  const { tables, procedures } = compile();
  database.exec(schema);
  const insertTable = database.prepare("INSERT INTO table_definition VALUES (?, ?, ?, ?, ?)");
  const insertLookup = database.prepare("INSERT INTO table_lookup VALUES (?, ?, ?, ?)");
  const insertProcedure = database.prepare("INSERT INTO procedure_definition VALUES (?, ?, ?, ?)");
  database.transaction(() => {
    for (const [id, table] of tables.entries()) {
      insertTable.run(id, table.schema, table.name, table.stripeName, JSON.stringify(table));
    }
    for (const { schema, lookup, tableIndex, naming } of lookupNames(tables)) {
      insertLookup.run(schema, lookup, tableIndex, naming);
    }
    for (const [id, procedure] of procedures.entries()) {
      insertProcedure.run(id, procedure.name, procedure.name.toLowerCase(), JSON.stringify(procedure));
    }
    database.prepare("INSERT INTO origin VALUES (?)").run(JSON.stringify(origin));
  })();
}
