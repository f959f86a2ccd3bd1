import { snakeCase } from "../../value/naming.js";
import type { Column, ParentKey } from "../catalog.js";
import type { Compilation } from "./compilation.js";
import { collectionOf, namedPath, placeholdersOf } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";
import type { Field } from "./shape.js";
import type { TableDraft } from "./table-draft.js";

/** For each placeholder of a method's path, the column of its table that holds the key. */
export function pathParents(
  compilation: Compilation,
  method: SdkMethod,
  columns: readonly Column[],
): readonly ParentKey[] {
  const path = namedPath(method.call.path);
  const ownNames = placeholdersOf(method.call.path);
  return placeholdersOf(path).map((placeholder, index) => {
    const parent = compilation.drafts.atCollection(collectionOf(path, placeholder));
    if (path.endsWith(`{${placeholder}}`)) return { placeholder, column: "Id", table: parent?.name ?? "" };
    const table = parent?.name ?? "";
    return {
      placeholder,
      column: keyColumn(columns, table, [placeholder, ...sdkName(ownNames[index] ?? "id")]),
      table,
    };
  });
}

/** `feeId`, the SDK's name for an argument, -> `fee`; a mere `id` names nothing. */
function sdkName(argument: string): readonly string[] {
  return argument === "id" ? [] : [snakeCase(argument.replace(/Id$/, ""))];
}

/**
 * The row's own field for its parent: named after the parent or the placeholder, or else the only one that refers
 * to the parent's table. Where the rows have none, the parent's table gives the column its name.
 */
function keyColumn(columns: readonly Column[], table: string, names: readonly string[]): string {
  const candidates = [...names, snakeCase(table)];
  const own = columns.find((column) => column.type === "VARCHAR" && candidates.includes(column.stripeName));
  const referring = columns.filter((column) => column.references === table && column.path.length === 1);
  return own?.name ?? (referring.length === 1 ? referring[0]?.name : undefined) ?? table;
}

/** Parameters that a list demands and that name another table's key are parents too: `subscription` of SubscriptionItem. */
export function parameterParents(
  compilation: Compilation,
  draft: TableDraft,
  fields: readonly Field[],
  columns: readonly Column[],
): readonly ParentKey[] {
  return fields.flatMap((field) => {
    if (field.optional || field.shape.kind !== "string" || field.shape.enumValues !== undefined) return [];
    const parent = tableNamed(compilation, draft, field.name);
    if (parent === undefined) return [];
    return [{ placeholder: field.name, column: keyColumn(columns, parent.name, [field.name]), table: parent.name }];
  });
}

/** `financial_account` beside TreasuryTransaction is TreasuryFinancialAccount: the own namespace goes first. */
function tableNamed(compilation: Compilation, draft: TableDraft, stripeName: string): TableDraft | undefined {
  const prefixes = [...snakeCase(draft.name).matchAll(/_/g)].map(({ index }) =>
    snakeCase(draft.name).slice(0, index + 1),
  );
  const candidates = [...prefixes.reverse(), ""].map((prefix) => prefix + stripeName);
  return candidates.flatMap((name) => tableAt(compilation, draft, name) ?? [])[0];
}

function tableAt(compilation: Compilation, draft: TableDraft, stripeName: string): TableDraft | undefined {
  return compilation.drafts.all.find((other) => other.schema === draft.schema && snakeCase(other.name) === stripeName);
}
