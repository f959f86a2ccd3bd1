import type { SearchField } from "../catalog.js";

type Declared = readonly [field: string, type: SearchField["type"], path?: string];

/**
 * Which fields Stripe's Search knows of each resource; the SDK's declarations do not list them. The path of the
 * field in the object is its name unless given.
 * Source: https://docs.stripe.com/search#query-fields-for-resources
 */
export const searchFields: Readonly<Record<string, readonly Declared[]>> = {
  Charge: [
    ["amount", "numeric"],
    ["billing_details.address.postal_code", "token"],
    ["created", "numeric"],
    ["currency", "token"],
    ["customer", "token"],
    ["disputed", "token"],
    ["metadata", "metadata"],
    ["receipt_email", "token"],
    ["refunded", "token"],
    ["status", "token"],
  ],
  Customer: [
    ["created", "numeric"],
    ["email", "string"],
    ["metadata", "metadata"],
    ["name", "string"],
    ["phone", "string"],
  ],
  Invoice: [
    ["created", "numeric"],
    ["currency", "token"],
    ["customer", "token"],
    ["last_finalization_error_code", "token", "last_finalization_error.code"],
    ["last_finalization_error_type", "token", "last_finalization_error.type"],
    ["metadata", "metadata"],
    ["number", "string"],
    ["receipt_number", "string"],
    ["status", "string"],
    ["subscription", "string", "parent.subscription_details.subscription"],
    ["total", "numeric"],
  ],
  PaymentIntent: [
    ["amount", "numeric"],
    ["created", "numeric"],
    ["currency", "token"],
    ["customer", "token"],
    ["metadata", "metadata"],
    ["status", "token"],
  ],
  Price: [
    ["active", "token"],
    ["currency", "token"],
    ["lookup_key", "string"],
    ["metadata", "metadata"],
    ["product", "string"],
    ["type", "token"],
  ],
  Product: [
    ["active", "token"],
    ["description", "string"],
    ["metadata", "metadata"],
    ["name", "string"],
    ["shippable", "token"],
    ["url", "string"],
  ],
  Subscription: [
    ["canceled_at", "numeric"],
    ["created", "numeric"],
    ["metadata", "metadata"],
    ["status", "string"],
  ],
};
