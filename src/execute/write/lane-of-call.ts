import type { WriteCall } from "./write-call.js";

/**
 * The object that a call is made of: Stripe locks it while a request changes it, and what changes it later is to come
 * later. Of a nested one it is the outermost, as the whole of it is locked. Undefined where the path names none: what is
 * still to be made waits for nobody. Source: https://docs.stripe.com/rate-limits#object-lock-timeouts
 */
export function laneOfCall({ path, endpointPath = path, accountId }: WriteCall): string | undefined {
  const template = endpointPath.split("/");
  const segments = path.split("/");
  const end = segments.findIndex((segment, index) => segment !== template[index]);
  return end < 0 ? undefined : `${accountId ?? ""} ${segments.slice(0, end + 1).join("/")}`;
}
