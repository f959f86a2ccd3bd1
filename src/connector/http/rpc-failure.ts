/**
 * The statuses that the API answers with, and the HTTP status of each.
 * Source: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export const httpStatuses = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type RpcStatus = keyof typeof httpStatuses;

/** One mistake in a request, by the name of what is wrong: "pageSize", "query.maxRows". */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

export interface RpcFailureOptions {
  readonly status: RpcStatus;
  /** "PAGE_SIZE_TOO_LARGE": for programs to tell failures of one status apart. */
  readonly reason: string;
  /** Where HTTP has a closer status than the one that goes with `status`: 405, 413, 415. */
  readonly httpStatus?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  /** After which the same request may succeed. */
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request that is answered with an error. Its texts reach the caller; `cause` never does. */
export class RpcFailure extends Error {
  readonly status: RpcStatus;
  readonly httpStatus: number;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, options: RpcFailureOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RpcFailure";
    this.status = options.status;
    this.httpStatus = options.httpStatus ?? httpStatuses[options.status];
    this.reason = options.reason;
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.headers = options.headers ?? {};
  }
}
