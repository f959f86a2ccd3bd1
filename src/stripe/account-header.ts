import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { headerValue } from "./header-value.js";

/** Which account a request is for, in the SDK's options. */
export type AccountHeader =
  | Readonly<Record<string, never>>
  | { readonly stripeAccount: string }
  | { readonly stripeContext: string };

/** A key of a whole organization, of any permissions. Source: https://docs.stripe.com/keys/organization-api-keys */
export function isOrganizationKey(apiKey: string): boolean {
  return apiKey.startsWith("sk_org_");
}

/**
 * Stripe-Context is what API v2 takes, and what an organization's key has to send: the account, or a path of accounts
 * ("acct_A/acct_B") to a connected one. Else it is Stripe-Account. Source: https://docs.stripe.com/context
 */
export function accountHeader(request: {
  readonly path: string;
  readonly accountId: string | undefined;
  readonly isOrganization: boolean;
}): AccountHeader {
  const { path, accountId, isOrganization } = request;
  if (accountId === undefined) {
    if (isOrganization) throw lacksAccount();
    return {};
  }
  const value = headerValue("AccountId", accountId);
  return isOrganization || path.startsWith("/v2/") ? { stripeContext: value } : { stripeAccount: value };
}

function lacksAccount(): StripeSqlError {
  return new StripeSqlError("the key of an organization needs an account", {
    sqlState: SqlState.invalidParameterValue,
    phase: "stripe",
    detail: "Stripe takes no request with such a key that does not say for which of the organization's accounts it is.",
    hint: "Set the property AccountId, or add AccountId = 'acct_…' to the WHERE clause; a connected account is 'acct_A/acct_B'.",
  });
}
