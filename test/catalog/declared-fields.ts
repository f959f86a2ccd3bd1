import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locateSdk } from "../../src/catalog/compile/sdk-source.js";

/** Top-level fields of every resource by its `object` value, read from the SDK's text without the compiler's parser. */
export function declaredFields(): ReadonlyMap<string, readonly string[]> {
  const folder = join(locateSdk().root, "resources");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  const fields = new Map<string, readonly string[]>();
  for (const file of files) {
    for (const [, body = ""] of readFileSync(join(folder, file), "utf8").matchAll(
      /^export interface \w+ \{\n([\s\S]*?)^\}/gm,
    )) {
      const objectType = /^ {4}object: '([^']+)'/m.exec(body)?.[1];
      const isDeleted = /^ {4}deleted: true/m.test(body);
      if (objectType === undefined || isDeleted) continue;
      fields.set(
        objectType,
        [...body.matchAll(/^ {4}(\w+)\??:/gm)].flatMap(([, name]) => name ?? []),
      );
    }
  }
  return fields;
}
