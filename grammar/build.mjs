// Compiles each grammar of this folder to src/syntax/generated/<name>.js with its declarations, and puts the parser of
// plain SELECTs beside them.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import peggy from "peggy";
import { bundleSelectParser } from "./bundle-select-parser.mjs";

const grammars = [
  {
    name: "statement",
    types: [
      'import type { RawStatement } from "../statement-tree.js";',
      'import type { ScriptPart } from "../script-part.js";',
      'import type { Token } from "../token.js";',
      'import type { TypedPiece } from "../typed-piece.js";',
      'import type { TypedText } from "../typed-text.js";',
    ],
    results: {
      Script: "readonly RawStatement[]",
      Parts: "readonly ScriptPart[]",
      Tokens: "readonly Token[]",
      Typed: "TypedText",
      Pieces: "readonly TypedPiece[]",
    },
  },
  {
    name: "filter-clause",
    types: ['import type { FilterNode } from "../filter-node.js";'],
    results: { Filter: "FilterNode" },
  },
  {
    name: "connection-string",
    types: ['import type { ConnectionPair } from "../connection-pair.js";'],
    results: { Connection: "readonly ConnectionPair[]" },
  },
  {
    name: "search-query",
    types: ['import type { SearchQuery } from "../search-query.js";'],
    results: { Search: "SearchQuery" },
  },
];

const target = new URL("../src/syntax/generated/", import.meta.url);

function declarations({ types, results }) {
  const signatures = Object.entries(results).map(
    ([rule, result]) => `export function parse(text: string, options: { readonly startRule: "${rule}" }): ${result};`,
  );
  return [
    ...types,
    'import type { GrammarError } from "../syntax-error.js";',
    "",
    ...signatures,
    "export const SyntaxError: new () => GrammarError;",
    "",
  ].join("\n");
}

async function compile(grammar) {
  const file = `${grammar.name}.peggy`;
  const code = peggy.generate(await readFile(new URL(file, import.meta.url), "utf8"), {
    grammarSource: file,
    allowedStartRules: Object.keys(grammar.results),
    format: "es",
    output: "source",
  });
  await writeFile(new URL(`${grammar.name}.js`, target), code);
  await writeFile(new URL(`${grammar.name}.d.ts`, target), declarations(grammar));
}

await mkdir(target, { recursive: true });
for (const grammar of grammars) await compile(grammar);
await bundleSelectParser(target);
