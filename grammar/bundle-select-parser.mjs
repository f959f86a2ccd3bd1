// The parser of plain SELECTs: node-sql-parser's one for PostgreSQL, of the 89 MB that the package holds for all dialects.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const notice =
  "/*! node-sql-parser 5, https://github.com/taozhi8833998/node-sql-parser, Apache License 2.0; " +
  "big-integer, https://github.com/peterolson/BigInteger.js, Unlicense. */";

const declarations = `export class Parser {
  /** Throws an error of the name "SyntaxError" for a text that it does not read. */
  astify(sql: string, options: { readonly database: "postgresql" }): unknown;
}
`;

/** Writes select-parser.js and its declarations into a folder. */
export async function bundleSelectParser(target) {
  const bundle = await rolldown({
    input: fileURLToPath(import.meta.resolve("node-sql-parser/build/postgresql.js")),
    platform: "node",
    plugins: [namedExport],
  });
  const { output } = await bundle.generate({ format: "es", banner: notice });
  await bundle.close();
  await writeFile(new URL("select-parser.js", target), output[0].code);
  await writeFile(new URL("select-parser.d.ts", target), declarations);
}

/** The package is CommonJS, of which a module would have a default export alone. */
const namedExport = {
  name: "named-export",
  resolveId: (id, importer) => (importer === undefined ? { id: `\0entry:${id}` } : undefined),
  load: (id) =>
    id.startsWith("\0entry:")
      ? `import p from ${JSON.stringify(id.slice(7))};\nexport const { Parser } = p;`
      : undefined,
};
