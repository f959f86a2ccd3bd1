import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { textField } from "../json-field.js";
import type { OperationTable } from "../operation.js";

/** Single-use links to pages of Stripe's; the sandbox has the links, not the pages. */
export const linkOperations: OperationTable = {
  "POST /v1/account_links": (state, { parameters }) => {
    state.require("Account", textField(parameters, "account") ?? "", "account");
    return link(state, "account_link", "https://connect.stripe.com/setup/sandbox");
  },
  "POST /v1/billing_portal/sessions": (state, { parameters }) => portalSession(state, parameters),
};

function link(state: AccountState, object: string, url: string): StripeObject {
  return { object, created: state.now(), expires_at: state.now() + 300, url };
}

function portalSession(state: AccountState, parameters: JsonObject): StripeObject {
  const customer = textField(parameters, "customer");
  if (customer !== undefined) state.require("Customer", customer, "customer");
  return {
    id: `bps_${state.world.random.text(24)}`,
    object: "billing_portal.session",
    configuration: parameters["configuration"] ?? null,
    created: state.now(),
    customer: customer ?? null,
    flow: null,
    livemode: false,
    locale: parameters["locale"] ?? null,
    on_behalf_of: parameters["on_behalf_of"] ?? null,
    return_url: parameters["return_url"] ?? null,
    url: "https://billing.stripe.com/p/session/sandbox",
  };
}
