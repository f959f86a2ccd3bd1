import { snakeCase } from "../../value/naming.js";
import type { EntityName } from "./entity-name.js";
import { entityName } from "./entity-name.js";
import { capitalised, singular } from "./naming.js";
import { procedureNames } from "./overrides.js";
import type { SdkMethod } from "./sdk-method.js";

/** The resource that a method is a member of: `testHelpers.issuing.cards.deliverCard` -> TestHelpersIssuingCard. */
export function resourceOf(method: SdkMethod): EntityName {
  return entityName(method.scope, capitalised(singular(method.sdkMethod.split(".").at(-2) ?? "")));
}

/**
 * Verb first, then the resource: `paymentIntents.confirm` -> ConfirmPaymentIntent, `invoices.finalizeInvoice` ->
 * FinalizeInvoice, `accounts.createLoginLink` -> CreateAccountLoginLink, `invoices.createPreview` ->
 * CreatePreviewInvoice.
 */
export function procedureName(method: SdkMethod): string {
  const fixed = procedureNames[method.sdkMethod];
  if (fixed !== undefined) return fixed;
  const resource = resourceOf(method);
  const [, verb = "", noun = ""] = /^(create|retrieve|update|delete|list|del)([A-Z]\w*)?$/.exec(method.name) ?? [];
  if (verb !== "" && !isAction(method)) return capitalised(verb === "del" ? "delete" : verb) + withNoun(resource, noun);
  return capitalised(withoutResource(method.name, resource)) + resource.name;
}

/** A method that its address names (`…/create_preview`) is an action, however it begins. */
function isAction(method: SdkMethod): boolean {
  return method.call.path.endsWith(`/${snakeCase(method.name)}`);
}

/** `Source` + `SourceTransactions` -> SourceTransactions; a single thing's name is in the singular already. */
function withNoun(resource: EntityName, noun: string): string {
  return noun.startsWith(resource.shortName)
    ? resource.name + noun.slice(resource.shortName.length)
    : resource.name + noun;
}

/** `finalizeInvoice` of Invoice -> `finalize`; `voidGrant` of CreditGrant -> `void`. */
function withoutResource(name: string, resource: EntityName): string {
  const verb = /^[a-z]+/.exec(name)?.[0] ?? name;
  const noun = name.slice(verb.length);
  return noun !== "" && resource.shortName.endsWith(noun) ? verb : name;
}
