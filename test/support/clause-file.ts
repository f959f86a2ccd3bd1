import { readFileSync } from "node:fs";

/** A filter clause and what is expected of it, as test/connector/filter-clauses/*.txt holds them. */
export interface ClauseCase {
  readonly entity: string;
  readonly clause: string;
  /** As the file spells it, `{U+00A0}` for what does not print: for test names. */
  readonly written: string;
  readonly expectations: readonly string[];
}

/**
 * Records parted by blank lines: `Entity: clause`, and an indented line for each expectation. `#` begins a comment,
 * `{U+00A0}` stands for a character by its number.
 */
export function readClauseFile(file: URL): readonly ClauseCase[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .reduce<readonly ClauseCase[]>((cases, line, index) => addLine(cases, line, index + 1), []);
}

function addLine(cases: readonly ClauseCase[], line: string, number: number): readonly ClauseCase[] {
  if (line === "" || line.startsWith("#")) return cases;
  const last = cases.at(-1);
  if (line.startsWith("  ") && last !== undefined) {
    return [...cases.slice(0, -1), { ...last, expectations: [...last.expectations, unescaped(line.slice(2))] }];
  }
  const match = /^([\w.]+): (.*)$/.exec(line);
  if (match === null) throw new Error(`line ${number} is no clause: ${line}`);
  const [, entity = "", written = ""] = match;
  return [...cases, { entity, clause: unescaped(written), written, expectations: [] }];
}

function unescaped(text: string): string {
  return text.replace(/\{U\+([0-9A-F]{4,6})\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}
