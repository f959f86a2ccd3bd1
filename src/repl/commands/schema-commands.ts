import type { RowStream } from "../../driver/api.js";
import { filterRows } from "../filter-rows.js";
import type { MetaCommand } from "./meta-command.js";
import type { Shell } from "./shell.js";

export const schemaCommands: readonly MetaCommand[] = [
  {
    name: "\\d",
    argument: "[NAME]",
    effect: "columns of a table or inputs of a procedure; without a name, all tables",
    group: "Schema",
    completes: "names",
    run(given, shell) {
      const name = given.name();
      given.end();
      return name === undefined ? listNames("tables", undefined, shell) : describe(name, shell);
    },
  },
  {
    name: "\\d+",
    argument: "NAME",
    effect: "the same, with what a table or view is, and a view's SQL",
    group: "Schema",
    completes: "names",
    async run(given, shell) {
      const name = given.required("a table or view");
      given.end();
      return (await describe(name, shell)) && (await tellMore(name, shell));
    },
  },
  {
    name: "\\dt",
    argument: "[PATTERN]",
    effect: "tables, by a pattern such as *invoice*",
    group: "Schema",
    completes: "tables",
    run(given, shell) {
      const pattern = given.name();
      given.end();
      return listNames("tables", pattern, shell);
    },
  },
  {
    name: "\\dv",
    argument: "[PATTERN]",
    effect: "views",
    group: "Schema",
    run(given, shell) {
      const pattern = given.name();
      given.end();
      return listViews(pattern, shell);
    },
  },
  {
    name: "\\df",
    argument: "[PATTERN]",
    effect: "procedures",
    group: "Schema",
    completes: "procedures",
    run(given, shell) {
      const pattern = given.name();
      given.end();
      return listNames("procedures", pattern, shell);
    },
  },
];

async function describe(name: string, shell: Shell): Promise<boolean> {
  return (await shell.session.run(`DESCRIBE ${name}`, { content: "names" })) !== undefined;
}

/** What a relation is, and the query of a view: both are texts of many words, which no table of columns holds. */
async function tellMore(name: string, shell: Shell): Promise<boolean> {
  const [table = name, schema] = name.replaceAll('"', "").split(".").reverse();
  const named = (column: string) => `lower(${column}) = lower(?)`;
  const inSchema = (column: string) => (schema === undefined ? "" : ` AND ${named(column)}`);
  const parameters = schema === undefined ? [table] : [table, schema];
  const [told, defined] = await Promise.all(
    [
      `SELECT Description AS text FROM sys_tables WHERE ${named("TableName")}${inSchema("SchemaName")}`,
      `SELECT view_definition AS text FROM information_schema.views WHERE ${named("table_name")}${inSchema("table_schema")}`,
    ].map(async (sql) => (await shell.session.connection.query(sql, parameters)).rows[0]?.["text"]),
  );
  if (typeof told === "string" && told !== "") shell.say(told);
  if (typeof defined === "string") shell.say(`View definition:\n${defined}`);
  return true;
}

/** sys_tables calls tables that take no writes views too, as its kind does. */
const views = `SELECT table_schema AS "Schema", table_name AS "View" FROM information_schema.tables
WHERE table_type LIKE '%VIEW' ORDER BY ALL`;

async function listViews(pattern: string | undefined, { session }: Shell): Promise<boolean> {
  const summary = await session.run(views, {
    content: "names",
    select: (rows) => (pattern === undefined ? rows : matching(rows, "View", pattern)),
  });
  return summary !== undefined;
}

async function listNames(
  what: "tables" | "procedures",
  pattern: string | undefined,
  { session }: Shell,
): Promise<boolean> {
  const column = what === "tables" ? "Table" : "Procedure";
  const summary = await session.run(`SHOW ${what.toUpperCase()}`, {
    content: "names",
    select: (rows) => (pattern === undefined ? rows : matching(rows, column, pattern)),
  });
  return summary !== undefined;
}

/** `metrics.*`: the names of a schema. */
function matching(rows: RowStream, column: string, pattern: string): RowStream {
  const [name = pattern, schema] = pattern.split(".").reverse();
  const named = filterRows(rows, column, namePattern(name));
  return schema === undefined ? named : filterRows(named, "Schema", namePattern(schema));
}

/** `*invoice*`; a pattern without a star may stand anywhere in the name. */
function namePattern(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(pattern.includes("*") ? `^${source}$` : source, "i");
}
