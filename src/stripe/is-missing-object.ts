import { StripeSqlError } from "../error/stripe-sql-error.js";

/**
 * True where the object asked for does not exist. A 404 for a URL that Stripe does not know, or for a page's
 * cursor that has been deleted meanwhile, is none of these.
 */
export function isMissingObject(error: unknown): error is StripeSqlError {
  if (!(error instanceof StripeSqlError)) return false;
  const { status, code, param } = error.stripe;
  const saysMissing =
    code === "resource_missing" || code === "not_found" || (code === undefined && error.message.startsWith("No such "));
  return status === 404 && saysMissing && !isCursor(param);
}

/** True where a request names an object that does not exist, in its path or as a parameter; but not as a page's cursor. */
export function isMissingReference(error: unknown): error is StripeSqlError {
  if (isMissingObject(error)) return true;
  if (!(error instanceof StripeSqlError)) return false;
  return error.stripe.code === "resource_missing" && !isCursor(error.stripe.param);
}

/** True where Stripe refuses a request for the value of a parameter, or for one among its values. */
export function isRefusedParameter(error: unknown, parameter: string): error is StripeSqlError {
  if (!(error instanceof StripeSqlError)) return false;
  const { status, param } = error.stripe;
  return status === 400 && (param === parameter || param?.startsWith(`${parameter}[`) === true);
}

/** True unless it is the parameter's value that is refused. Source: https://docs.stripe.com/error-codes */
export function isRefusedForGood({ message, stripe: { code } }: StripeSqlError): boolean {
  return code === undefined ? !message.startsWith("Invalid ") : code === "parameter_unknown";
}

function isCursor(param: string | undefined): boolean {
  return param === "starting_after" || param === "ending_before";
}
