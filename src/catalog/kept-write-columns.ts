import type { SqlType } from "../value/sql-type.js";

/** Columns of `sys_writes`: a write of the journal's each. */
export const writeColumnTypes = {
  Id: "VARCHAR",
  State: "VARCHAR",
  Command: "VARCHAR",
  Begun: "TIMESTAMPTZ",
  Ended: "TIMESTAMPTZ",
  Calls: "BIGINT",
  Written: "BIGINT",
  NoMatch: "BIGINT",
  Failed: "BIGINT",
  InDoubt: "BIGINT",
  NotSent: "BIGINT",
  Statement: "VARCHAR",
} as const satisfies Readonly<Record<string, SqlType>>;

/** Columns of `sys_writecalls`, and of RESUME WRITE and SHOW WRITE: a call of a write each. */
export const callColumnTypes = {
  WriteId: "VARCHAR",
  Number: "BIGINT",
  State: "VARCHAR",
  Id: "VARCHAR",
  IdempotencyKey: "VARCHAR",
  RequestId: "VARCHAR",
  Message: "VARCHAR",
  Method: "VARCHAR",
  Path: "VARCHAR",
  AccountId: "VARCHAR",
  Parameters: "VARCHAR",
  Resumable: "BOOLEAN",
  Sent: "TIMESTAMPTZ",
  Settled: "TIMESTAMPTZ",
} as const satisfies Readonly<Record<string, SqlType>>;
