import { createHash } from "node:crypto";

/**
 * A name for the account whose limits a key draws on, which tells nothing of the key: it may leave this process.
 * The same key at another server is another account.
 */
export function limitedAccount({ apiKey, apiBase }: { readonly apiKey: string; readonly apiBase: string }): string {
  return createHash("sha256").update(`${apiBase}\n${apiKey}`).digest("hex").slice(0, 16);
}

/** The same with the Connect account that a request is for, which has limits and an allocation of its own. */
export function accountName(limited: string, accountId: string | undefined): string {
  return accountId === undefined ? limited : `${limited} ${accountId}`;
}
