import { homedir } from "node:os";
import { join } from "node:path";

/** As a shell has it, which is not there to do so: `~/file` is in the user's own folder. */
export function inHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
