import { invalidMessage } from "./message-body.js";

/** Where a session stands when it takes the next query. */
export type TransactionStatus = "idle" | "in-transaction" | "failed-transaction";

const letters = { idle: "I", "in-transaction": "T", "failed-transaction": "E" } as const satisfies Record<
  TransactionStatus,
  string
>;

export const encodeTransactionStatus = (status: TransactionStatus): number => letters[status].charCodeAt(0);

export function decodeTransactionStatus(byte: number): TransactionStatus {
  const letter = String.fromCharCode(byte);
  const status = (Object.keys(letters) as TransactionStatus[]).find((name) => letters[name] === letter);
  if (status === undefined) throw invalidMessage(`invalid transaction status ${byte}`);
  return status;
}
