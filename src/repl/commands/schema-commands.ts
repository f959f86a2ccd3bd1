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

/** sys_tables calls tables that take no writes views too, as its kind does. */
const views = `SELECT table_schema AS "Schema", table_name AS "View" FROM information_schema.tables
WHERE table_type LIKE '%VIEW' ORDER BY ALL`;

async function listViews(pattern: string | undefined, { session }: Shell): Promise<boolean> {
  const summary = await session.run(views, {
    content: "names",
    select: (rows) => (pattern === undefined ? rows : filterRows(rows, "View", namePattern(pattern))),
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
    select: (rows) => (pattern === undefined ? rows : filterRows(rows, column, namePattern(pattern))),
  });
  return summary !== undefined;
}

/** `*invoice*`; a pattern without a star may stand anywhere in the name. */
function namePattern(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(pattern.includes("*") ? `^${source}$` : source, "i");
}
