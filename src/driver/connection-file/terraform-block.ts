import type { Mistake } from "./mistake.js";
import type { Mapping, Path } from "./path.js";
import { isMapping } from "./path.js";

/** A block of Terraform's JSON syntax, and where it stands. */
export interface Block {
  readonly body: Mapping;
  readonly path: Path;
}

/**
 * The blocks under a name, which may be written as one object or as a list of them. "//" is a comment and null is
 * nothing. Source: https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function blocksOf(value: unknown, path: Path, mistakes: Mistake[]): readonly Block[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => blockOf(item, [...path, index], mistakes));
  return blockOf(value, path, mistakes);
}

/** The same where only one may be given. */
export function onlyBlock(value: unknown, path: Path, mistakes: Mistake[]): Block | undefined {
  const [block, second] = blocksOf(value, path, mistakes);
  if (second !== undefined) mistakes.push({ path: second.path, rule: "is given twice" });
  return block;
}

/** The blocks of a name that stand under labels: `resource`, its type, its name. */
export function labelledBlocks(blocks: readonly Block[], label: string, mistakes: Mistake[]): readonly Block[] {
  return blocks.flatMap(({ body, path }) => blocksOf(body[label], [...path, label], mistakes));
}

function blockOf(value: unknown, path: Path, mistakes: Mistake[]): readonly Block[] {
  if (isMapping(value)) {
    const entries = Object.entries(value).filter(([key, inner]) => key !== "//" && inner !== null);
    return [{ body: Object.fromEntries(entries), path }];
  }
  mistakes.push({ path, rule: "must be a block" });
  return [];
}

/**
 * A text as Terraform reads it: undefined where it holds an interpolation or a directive, which only Terraform
 * can resolve. Doubled signs stand for themselves.
 */
export function literalText(text: string): string | undefined {
  const literal = text.replace(/\$\$\{|%%\{/g, "");
  return /\$\{|%\{/.test(literal) ? undefined : text.replace(/([$%])\1\{/g, "$1{");
}
