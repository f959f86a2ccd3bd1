import type { SqlStateCode } from "../../error/sql-state.js";
import { isSqlState, SqlState } from "../../error/sql-state.js";
import type { StripeErrorFacts, StripeSqlError } from "../../error/stripe-sql-error.js";
import type { RpcStatus } from "./rpc-failure.js";
import { RpcFailure } from "./rpc-failure.js";

/** How a call came to its error. */
export interface CallCircumstances {
  /** Where the names of entities, actions and tools come from: the URL, or the text of a statement. */
  readonly namesFrom: "path" | "statement";
  /** Who had the call ended before its time; undefined where nobody did. */
  readonly endedBy: "client" | "deadline" | undefined;
}

interface Verdict {
  readonly status: RpcStatus;
  readonly reason: string;
}

/** Where a failure may pass by itself and nothing tells when. */
const usualRetryMs = 1000;

/** The answer to a call that failed with this error. */
export function explainStripeSqlError(error: StripeSqlError, circumstances: CallCircumstances): RpcFailure {
  const verdict = judge(error, circumstances);
  return new RpcFailure(error.message, {
    ...verdict,
    metadata: factsOf(error),
    cause: error,
    ...(error.retryable && mayPass.has(verdict.status) ? { retryAfterMs: usualRetryMs } : {}),
    ...(verdict.status === "UNAUTHENTICATED" ? { headers: { "www-authenticate": 'Bearer realm="stripe-sql"' } } : {}),
  });
}

const mayPass: ReadonlySet<RpcStatus> = new Set(["RESOURCE_EXHAUSTED", "UNAVAILABLE"]);

function judge(error: StripeSqlError, { namesFrom, endedBy }: CallCircumstances): Verdict {
  if (error.sqlState === SqlState.queryCanceled && endedBy === "deadline") return deadlineExceeded;
  if (namesFrom === "statement" && nameStates.has(error.sqlState)) return unknownName;
  const verdict = judgeRefusal(error) ?? verdictOf(error.sqlState);
  return verdict.status === "UNAVAILABLE" && isUnsafeAgain(error) ? writeInDoubt : verdict;
}

/** UNAVAILABLE has clients call again by themselves. Source: https://google.aip.dev/194 */
function isUnsafeAgain({ retryable, stripe }: StripeSqlError): boolean {
  return stripe.inDoubt === true && !retryable;
}

const writeInDoubt: Verdict = { status: "INTERNAL", reason: "WRITE_IN_DOUBT" };

const deadlineExceeded: Verdict = { status: "DEADLINE_EXCEEDED", reason: "DEADLINE_EXCEEDED" };
const nameStates: ReadonlySet<string> = new Set([SqlState.undefinedTable, SqlState.undefinedFunction]);
const unknownName: Verdict = { status: "INVALID_ARGUMENT", reason: "UNKNOWN_NAME" };

/** A code that only a PostgreSQL gives is no answer of the connector's. */
function verdictOf(code: SqlStateCode): Verdict {
  return isSqlState(code) ? verdicts[code] : verdicts[SqlState.internalError];
}

const verdicts: Readonly<Record<SqlState, Verdict>> = {
  [SqlState.cardinalityViolation]: { status: "INVALID_ARGUMENT", reason: "CARDINALITY_VIOLATION" },
  [SqlState.badCopyFileFormat]: { status: "INVALID_ARGUMENT", reason: "BAD_COPY_FILE_FORMAT" },
  [SqlState.noData]: { status: "NOT_FOUND", reason: "ENTITY_NOT_FOUND" },
  [SqlState.undefinedTable]: { status: "NOT_FOUND", reason: "ENTITY_TYPE_NOT_FOUND" },
  [SqlState.undefinedFunction]: { status: "NOT_FOUND", reason: "ACTION_NOT_FOUND" },
  [SqlState.duplicateTable]: { status: "INVALID_ARGUMENT", reason: "NAME_TAKEN" },
  [SqlState.undefinedObject]: { status: "INVALID_ARGUMENT", reason: "UNKNOWN_NAME" },
  [SqlState.syntaxError]: { status: "INVALID_ARGUMENT", reason: "SYNTAX_ERROR" },
  [SqlState.undefinedColumn]: { status: "INVALID_ARGUMENT", reason: "UNKNOWN_FIELD" },
  [SqlState.ambiguousColumn]: { status: "INVALID_ARGUMENT", reason: "AMBIGUOUS_NAME" },
  [SqlState.wrongObjectType]: { status: "INVALID_ARGUMENT", reason: "WRONG_OBJECT_TYPE" },
  [SqlState.objectNotInPrerequisiteState]: { status: "FAILED_PRECONDITION", reason: "ROWS_LOST" },
  [SqlState.groupingError]: { status: "INVALID_ARGUMENT", reason: "GROUPING_ERROR" },
  [SqlState.datatypeMismatch]: { status: "INVALID_ARGUMENT", reason: "TYPE_MISMATCH" },
  [SqlState.invalidTextRepresentation]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.invalidParameterValue]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.indeterminateDatatype]: { status: "INVALID_ARGUMENT", reason: "TYPE_MISMATCH" },
  [SqlState.dataException]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.numericValueOutOfRange]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.datetimeFieldOverflow]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.invalidBinaryRepresentation]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.unsupportedUnicodeEscape]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.divisionByZero]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.invalidRowCountInLimit]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.untranslatableCharacter]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.integrityViolation]: { status: "INVALID_ARGUMENT", reason: "INVALID_VALUE" },
  [SqlState.invalidTransactionState]: { status: "FAILED_PRECONDITION", reason: "NOT_SUPPORTED" },
  [SqlState.undefinedFile]: { status: "INVALID_ARGUMENT", reason: "FILE_NOT_READ" },
  [SqlState.notNullViolation]: { status: "INVALID_ARGUMENT", reason: "VALUE_MISSING" },
  [SqlState.programLimitExceeded]: { status: "INVALID_ARGUMENT", reason: "TOO_COMPLEX" },
  [SqlState.statementTooComplex]: { status: "INVALID_ARGUMENT", reason: "TOO_COMPLEX" },
  [SqlState.outOfMemory]: { status: "RESOURCE_EXHAUSTED", reason: "TOO_LARGE" },
  [SqlState.featureNotSupported]: { status: "UNIMPLEMENTED", reason: "NOT_SUPPORTED" },
  [SqlState.readOnly]: { status: "FAILED_PRECONDITION", reason: "CONNECTION_READ_ONLY" },
  // The Stripe key of the connection, not the caller's bearer token; connector.md has one status for both. Clients
  // that fetch a new token on 401 tell them apart by the reason: a wrong token is TOKEN_MISSING or TOKEN_INVALID.
  [SqlState.invalidAuthorization]: { status: "UNAUTHENTICATED", reason: "STRIPE_KEY_REFUSED" },
  [SqlState.insufficientPrivilege]: { status: "PERMISSION_DENIED", reason: "PERMISSION_MISSING" },
  [SqlState.configurationLimitExceeded]: { status: "RESOURCE_EXHAUSTED", reason: "REQUEST_BUDGET_EXCEEDED" },
  [SqlState.lockNotAvailable]: { status: "FAILED_PRECONDITION", reason: "WRITE_UNDER_WAY" },
  [SqlState.queryCanceled]: { status: "CANCELLED", reason: "CALL_CANCELLED" },
  [SqlState.adminShutdown]: { status: "UNAVAILABLE", reason: "ENGINE_ENDED" },
  [SqlState.connectionFailure]: { status: "UNAVAILABLE", reason: "STRIPE_UNREACHABLE" },
  // The proxy of the connection: what it refuses, and how it is spoken to, are the connection's own.
  [SqlState.connectionRejected]: { status: "FAILED_PRECONDITION", reason: "PROXY_REFUSED" },
  [SqlState.protocolViolation]: { status: "FAILED_PRECONDITION", reason: "PROXY_MISCONFIGURED" },
  [SqlState.upstreamError]: { status: "INTERNAL", reason: "UPSTREAM_ERROR" },
  [SqlState.internalError]: { status: "INTERNAL", reason: "INTERNAL_ERROR" },
};

/** States under which Stripe's refusals come that are more than one thing. */
const refusalStates: ReadonlySet<string> = new Set([SqlState.invalidParameterValue, SqlState.upstreamError]);

/** What Stripe itself says of a request that it refused; undefined where it says no more than the SQLSTATE. */
function judgeRefusal({ sqlState, retryable, stripe }: StripeSqlError): Verdict | undefined {
  if (!refusalStates.has(sqlState)) return undefined;
  if (stripe.status === 402) return judgePayment(stripe);
  if (sqlState === SqlState.upstreamError) return judgeUpstream(stripe, retryable);
  if (stripe.status === 404) return { status: "NOT_FOUND", reason: "STRIPE_OBJECT_NOT_FOUND" };
  const code = stripe.code ?? "";
  if (existsCode.test(code)) return { status: "ALREADY_EXISTS", reason: "STRIPE_OBJECT_EXISTS" };
  if (stateCode.test(code)) return { status: "FAILED_PRECONDITION", reason: "STRIPE_OBJECT_STATE" };
  return undefined;
}

function judgePayment({ declineCode, code }: StripeErrorFacts): Verdict {
  const isDecline = declineCode !== undefined || code === "card_declined";
  return { status: "FAILED_PRECONDITION", reason: isDecline ? "CARD_DECLINED" : "PAYMENT_FAILED" };
}

function judgeUpstream({ status, inDoubt }: StripeErrorFacts, retryable: boolean): Verdict | undefined {
  if (inDoubt === true && !retryable) return writeInDoubt;
  if (retryable) return { status: "UNAVAILABLE", reason: "STRIPE_UNAVAILABLE" };
  const isRefusal = status !== undefined && status >= 400 && status < 500;
  return isRefusal ? { status: "FAILED_PRECONDITION", reason: "STRIPE_REFUSED" } : undefined;
}

/** Source of these codes: https://docs.stripe.com/error-codes */
const existsCode = /(^|_)exists$/;

/** Codes of requests that another state of the object would have let through: `charge_already_captured`. */
const stateCode = new RegExp(
  [
    "_(unexpected_state|invalid_state|not_editable|not_refundable|not_ready|inactive|disputed|expired|expired_for_capture)$",
    "_already_\\w+$",
    "_(action_required|requires_action)$",
    "^(balance_insufficient|status_transition_invalid|invoice_no_\\w+)$",
  ].join("|"),
);

function factsOf(error: StripeSqlError): Readonly<Record<string, string>> {
  const { sqlState, phase, detail, hint, position, retryable, stripe } = error;
  const facts = {
    sqlState,
    phase,
    detail,
    hint,
    position,
    retryable: retryable || undefined,
    stripeType: stripe.type,
    stripeCode: stripe.code,
    declineCode: stripe.declineCode,
    param: stripe.param,
    requestId: stripe.requestId,
    stripeStatus: stripe.status,
    inDoubt: stripe.inDoubt,
    idempotencyKey: stripe.idempotencyKey,
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}
