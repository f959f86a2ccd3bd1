/** Stripe's own API. */
export const defaultApiBase = "https://api.stripe.com";
