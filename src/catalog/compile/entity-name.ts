import type { SchemaName } from "../catalog.js";
import type { Scope } from "./declaration.js";

export interface EntityName {
  readonly schema: SchemaName;
  /** With its namespaces in front, unless in API v2: "IssuingCard". */
  readonly name: string;
  /** Without them: "Card". */
  readonly shortName: string;
}

/** Names what a module of the SDK declares: `Card` of "resources/Issuing/Cards" is the entity IssuingCard. */
export function entityName(scope: Scope, declaredName: string): EntityName {
  const folders = scope.module.split("/").slice(1, -1);
  if (folders[0] === "V2") return { schema: "v2", name: declaredName, shortName: declaredName };
  return { schema: "stripe", name: folders.join("") + declaredName, shortName: declaredName };
}
