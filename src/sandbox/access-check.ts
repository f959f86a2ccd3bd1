import type { SandboxWorld } from "./account-state.js";
import { AccountState } from "./account-state.js";
import type { InboundRequest } from "./inbound-request.js";
import { StripeFailure } from "./stripe-failure.js";

/** The account that a request acts for; refuses a missing or unknown key, and an account out of its reach. */
export function accountOf(world: SandboxWorld, apiKey: string, request: InboundRequest): string {
  if (request.apiKey === undefined) throw unauthorized(missingKey);
  if (request.apiKey !== apiKey) throw unauthorized(`Invalid API Key provided: ${masked(request.apiKey)}`);
  const account = request.account?.split("/").at(-1);
  if (apiKey.startsWith("sk_org_") && !request.hasContext) throw lacksContext();
  if (account === undefined || account === world.store.readFact("account")) return "";
  if (new AccountState(world, "").find("Account", account) !== undefined) return account;
  throw new StripeFailure(403, {
    type: "invalid_request_error",
    code: "account_invalid",
    message: `The provided key '${masked(apiKey)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
  });
}

/** Source: https://docs.stripe.com/keys/organization-api-keys */
function lacksContext(): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    message: "Requests with the API key of an organization must name an account in the Stripe-Context header.",
  });
}

const missingKey =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth " +
  "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we " +
  "can help at https://support.stripe.com/.";

function unauthorized(message: string): StripeFailure {
  return new StripeFailure(401, { type: "invalid_request_error", message });
}

/** "sk_test_*********abcd", as Stripe shows keys. */
function masked(key: string): string {
  const kind = /^[a-z]{2}_(test|live)_/.exec(key)?.[0] ?? "";
  const rest = key.slice(kind.length);
  return `${kind}${"*".repeat(Math.max(3, rest.length - 4))}${rest.slice(-4)}`;
}
