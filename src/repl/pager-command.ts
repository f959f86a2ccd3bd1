import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** `$PAGER`, else less where there is one; undefined for none, which an empty `$PAGER` asks for. */
export function pagerCommand(environment: NodeJS.ProcessEnv): string | undefined {
  const told = environment["PAGER"];
  if (told !== undefined) return told.trim() === "" ? undefined : told;
  const folders = (environment["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && existsSync(join(folder, "less"))) ? "less" : undefined;
}

/** What less needs for colours, and to leave what fits on the screen; a person's own LESS goes before it. */
export function pagerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { LESS: "FRX", ...environment };
}
