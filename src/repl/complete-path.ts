import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { inHome } from "./home-path.js";

/** The paths that begin as one that is being typed, folders with a slash at their end; none where none can be read. */
export function completePath(typed: string): readonly string[] {
  const folder = typed.endsWith("/") ? typed : dirname(typed);
  const start = typed.includes("/") ? typed.slice(0, typed.lastIndexOf("/") + 1) : "";
  const prefix = typed.slice(start.length);
  return entriesOf(inHome(folder))
    .filter(({ name }) => name.startsWith(prefix) && (prefix.startsWith(".") || !name.startsWith(".")))
    .map((entry) => `${start}${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
