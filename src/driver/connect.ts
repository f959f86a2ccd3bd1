import type { Connection, ConnectOptions } from "./api.js";
import { openConnection } from "./open-connection.js";

/**
 * Opens a connection to Stripe, or to the embedded sandbox where no key is given.
 *
 * @param input A connection string ("ApiKey=sk_test_…;AccountId=acct_…") or options; the key may come from
 *   the environment's STRIPE_API_KEY instead. Nothing is sent to Stripe before the first statement.
 * @throws StripeSqlError 22023 for a property that is unknown or of the wrong form.
 */
export async function connect(input?: string | ConnectOptions): Promise<Connection> {
  return (await openConnection(input)).connection;
}
