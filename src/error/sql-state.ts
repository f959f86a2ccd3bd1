/**
 * The SQLSTATE codes this product answers with, by the name PostgreSQL gives them.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const SqlState = {
  noData: "02000",
  cardinalityViolation: "21000",
  syntaxError: "42601",
  undefinedTable: "42P01",
  duplicateTable: "42P07",
  undefinedColumn: "42703",
  undefinedFunction: "42883",
  undefinedObject: "42704",
  ambiguousColumn: "42702",
  groupingError: "42803",
  wrongObjectType: "42809",
  datatypeMismatch: "42804",
  indeterminateDatatype: "42P18",
  dataException: "22000",
  numericValueOutOfRange: "22003",
  datetimeFieldOverflow: "22008",
  divisionByZero: "22012",
  invalidRowCountInLimit: "2201W",
  untranslatableCharacter: "22021",
  invalidTextRepresentation: "22P02",
  invalidBinaryRepresentation: "22P03",
  badCopyFileFormat: "22P04",
  unsupportedUnicodeEscape: "22P05",
  invalidParameterValue: "22023",
  integrityViolation: "23000",
  notNullViolation: "23502",
  invalidTransactionState: "25000",
  featureNotSupported: "0A000",
  readOnly: "25006",
  invalidAuthorization: "28000",
  insufficientPrivilege: "42501",
  outOfMemory: "53200",
  configurationLimitExceeded: "53400",
  objectNotInPrerequisiteState: "55000",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  adminShutdown: "57P01",
  connectionFailure: "08006",
  connectionRejected: "08004",
  protocolViolation: "08P01",
  undefinedFile: "58P01",
  upstreamError: "58030",
  programLimitExceeded: "54000",
  statementTooComplex: "54001",
  internalError: "XX000",
} as const;

export type SqlState = (typeof SqlState)[keyof typeof SqlState];

/** A code of an error: one of the product's own, or one that a PostgreSQL gave. */
export type SqlStateCode = SqlState | (string & {});

const known: ReadonlySet<string> = new Set(Object.values(SqlState));

export function isSqlState(code: SqlStateCode): code is SqlState {
  return known.has(code);
}
