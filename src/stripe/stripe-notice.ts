import { redact } from "../error/redact.js";

type Headers = Readonly<Record<string, string | string[]>>;

const stripeHeader = "stripe-notice";
const quietHeader = "stripe-sql-notice";

/**
 * Headers with Stripe's notice under a name that the SDK does not know: it would print it on standard error, where no
 * statement's caller looks.
 */
export function quietNotice(headers: Headers): Record<string, string | string[]> {
  const { [stripeHeader]: notice, ...others } = headers;
  return notice === undefined ? others : { ...others, [quietHeader]: notice };
}

/** What Stripe wants the caller told (a version that ends, a default that changes), by headers made quiet. */
export function noticeOf(headers: Headers): string | undefined {
  const value = headers[quietHeader];
  const text = (Array.isArray(value) ? value.join(" ") : (value ?? "")).trim();
  return text === "" ? undefined : `Stripe: ${redact(text)}`;
}

/** The same by the SDK's error for an answer that failed. */
export function noticeOfError(error: unknown): string | undefined {
  const headers = error instanceof Error && "headers" in error ? error.headers : undefined;
  return typeof headers === "object" && headers !== null ? noticeOf(headers as Headers) : undefined;
}
