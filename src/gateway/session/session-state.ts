/**
 * The SQLSTATE codes of what only a session can do wrong, by the name PostgreSQL gives them.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const SessionState = {
  activeTransaction: "25001",
  noActiveTransaction: "25P01",
  failedTransaction: "25P02",
  idleInTransactionTimeout: "25P03",
  idleSessionTimeout: "57P05",
  transactionTimeout: "25P04",
  lockNotAvailable: "55P03",
  adminShutdown: "57P01",
  cannotConnectNow: "57P03",
  tooManyConnections: "53300",
  invalidPassword: "28P01",
  invalidStatementName: "26000",
  invalidCursorName: "34000",
  duplicateCursor: "42P03",
  duplicatePreparedStatement: "42P05",
  invalidSavepoint: "3B001",
  invalidCatalogName: "3D000",
  objectNotInPrerequisiteState: "55000",
  cannotChangeRuntimeParameter: "55P02",
} as const;
