import { readdirSync } from "node:fs";

/** Takes paths of this machine out of a text, down to the last name: "key file reader.json cannot be read". */
export type HidePaths = (text: string) => string;

/** What begins with a slash, at a text's start or behind what may stand before a path. */
const absolutePath = /(?<=^|[\s"'`(=[{<:,])\/([^\s"'`()<>[\]{},;:/]+)(?:\/[^\s"'`()<>[\]{},;:]*)?/g;
const drivePath = /(?<=^|[\s"'`(=[{<,])[A-Za-z]:\\(?:[^\s"'`<>|]*\\)?/g;

/**
 * A path is one of this machine's where its first folder is at the root: Stripe's own (/v1/customers) are none.
 *
 * @param roots Names at the root. Default: those that are there now.
 */
export function pathHider(roots: readonly string[] = readdirSync("/")): HidePaths {
  const known = new Set(roots.filter((name) => !/^v\d$/.test(name)));
  return (text) =>
    text
      .replace(absolutePath, (path, root: string) => (known.has(root) ? lastName(path) : path))
      .replace(drivePath, "");
}

/** "/srv/keys/reader.json." ends a sentence. */
function lastName(path: string): string {
  let dots = path.length;
  while (path[dots - 1] === ".") dots -= 1;
  const end = path[dots - 1] === "/" ? dots - 1 : dots;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end) + path.slice(dots);
}
