import type { Connection, ConnectOptions } from "./api.js";
import { readInput, withOverrides } from "./connection-input.js";
import { openConnection } from "./open-connection.js";

/**
 * Opens a connection to Stripe, or to the embedded sandbox where no key is given.
 *
 * @param input A connection string ("ApiKey=sk_test_…;AccountId=acct_…"), a connection file ("stripe-eu.yaml", of
 *   several connections "main.tf.json#stripe_eu") or options; the key may come from the environment's STRIPE_API_KEY
 *   instead. Nothing is sent to Stripe before the first statement.
 * @param overrides Properties that go before those of the input.
 * @throws StripeSqlError 22023 for a property that is unknown or of the wrong form, and for a file with mistakes.
 */
export async function connect(
  input?: string | ConnectOptions,
  overrides?: string | ConnectOptions,
): Promise<Connection> {
  const options = overrides === undefined ? input : withOverrides(await readInput(input), overrides);
  return (await openConnection(options)).connection;
}
