import type { ListEndpoint, Procedure, Table } from "../catalog.js";
import { startCompilation } from "./compilation.js";
import { compileProcedures } from "./procedure-compiler.js";
import type { SdkMethod } from "./sdk-method.js";
import { openSdkSource } from "./sdk-source.js";
import { compileTable } from "./table-compiler.js";

export interface CompiledCatalog {
  readonly tables: readonly Table[];
  readonly procedures: readonly Procedure[];
}

/** Compiles the declarations below the SDK's root: every call of Stripe's is a table's or a procedure's. */
export function compileCatalog(sdkRoot: string): CompiledCatalog {
  const compilation = startCompilation(openSdkSource(sdkRoot));
  const compiled = compilation.drafts.all
    .map((draft) => compileTable(compilation, draft))
    .filter(({ table }) => table.lists.some(canBeReadWhole));
  const used = new Set(compiled.flatMap(({ methods }) => methods));
  const rest = compilation.methods.filter((method) => !used.has(method) || !isPlain(method));
  return { tables: compiled.map(({ table }) => table), procedures: compileProcedures(compilation, rest) };
}

/**
 * A list that Stripe gives only for values which no other table holds, as a meter's summaries for a span of time,
 * is no table that can be read: it stays a procedure.
 */
function canBeReadWhole({ filters, parents, baseParameters }: ListEndpoint): boolean {
  const given = new Set([...parents.map((parent) => parent.placeholder), ...Object.keys(baseParameters)]);
  return filters.every((filter) => !filter.required || given.has(filter.parameter));
}

/** A table's method under a name of its own (`subscriptions.cancel`) is a procedure besides. */
function isPlain(method: SdkMethod): boolean {
  return /^(list|search|retrieve|create|update|del|delete)([A-Z]|$)/.test(method.name);
}
