import { readFileSync } from "node:fs";

/** The package's version, "0.1.0". */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const found = /"version":\s*"([^"]+)"/.exec(text);
  if (found?.[1] === undefined) throw new Error("package.json states no version");
  return found[1];
}
