import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("./statements/", import.meta.url);

/** The statements of every file, each of which ends with a semicolon at a line's end; "-- " begins a comment's line. */
export function readStatements() {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const text = readFileSync(new URL(file, folder), "utf8").replace(/^-- .*\n/gm, "");
      const statements = text.split(/;\s*\n/).map((statement) => statement.trim());
      return statements.filter((statement) => statement !== "").map((statement) => ({ file, text: statement }));
    });
}
