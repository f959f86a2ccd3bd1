import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locateSdk } from "../../src/catalog/compile/sdk-source.js";

/** A union of words, as the SDK's text has it. */
export interface LiteralUnion {
  /** "Invoices Status" */
  readonly place: string;
  readonly words: readonly string[];
  /** True where `OtherString` stands among them. */
  readonly open: boolean;
}

const declaration = /^\s*(?:export )?(?:type (\w+) = |(\w+|'[^']+')\??: )([^;]*'[^;]*);/gm;

/** Every union of words among the resources' declarations, read without the compiler's parser; single words are none. */
export function literalUnions(): readonly LiteralUnion[] {
  const folder = join(locateSdk().root, "resources");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  return files.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(declaration)].flatMap(([, alias, field, body = ""]) => {
      const words = [...body.matchAll(/(?<![\w.])'([^']*)'/g)].flatMap(([, word]) => word || []);
      const open = /\bOtherString\b/.test(body);
      const isUnion = words.length > 1 || (open && words.length > 0);
      return isUnion ? [{ place: `${file.replace(".d.ts", "")} ${alias ?? field}`, words, open }] : [];
    }),
  );
}
