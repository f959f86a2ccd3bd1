import { redact } from "../error/redact.js";
import type { StripeSqlError } from "../error/stripe-sql-error.js";
import { untilUndoubted } from "../execute/select/checked-select.js";
import type { StatementContext } from "../execute/statement-context.js";
import { requestsOf } from "../execute/write/run-write.js";
import type { Plan } from "../plan/plan.js";
import type { SelectPlan } from "../plan/select/select-plan.js";
import { scannedOf } from "../plan/select/select-plan.js";
import type { WriteRequest } from "../plan/write/write-plan.js";
import { redactFields } from "../stripe/redact-fields.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";

/** Calls that a write would make. */
export interface ExplainedCalls {
  /** The first of them; undefined where they are not known before it has read what it changes. */
  readonly first: readonly WriteRequest[] | undefined;
  readonly count: number | undefined;
  /** Why none of them would be sent. */
  readonly refused: string | undefined;
}

/** What runs the statement: it reads, and says why a write would be refused. */
interface ExplainingHost {
  readonly context: StatementContext;
  readonly refusalOf: (write: { readonly command: string; readonly objects: number }) => StripeSqlError | undefined;
}

type WritePlan = Exclude<Plan, SelectPlan>;

/** Calls that EXPLAIN shows whole. */
const shownCalls = 20;

/**
 * What a write would send, as far as the statement tells it; `reads`: what it changes is read for it. Nothing is written.
 * Undefined for what does not write.
 */
export async function explainedCalls(
  plan: () => Plan,
  host: ExplainingHost,
  { reads }: { readonly reads: boolean },
): Promise<ExplainedCalls | undefined> {
  const first = plan();
  if (!isWrite(first)) return undefined;
  if (!reads && needsRows(first)) return { first: undefined, count: undefined, refused: undefined };
  const requests = await untilUndoubted(() => {
    const planned = plan();
    return isWrite(planned) ? requestsOf(planned.requests, host.context) : Promise.resolve([]);
  }, host.context);
  const count = requests.length;
  const refused = host.refusalOf({ command: commandOf(first), objects: count })?.message;
  return { first: requests.slice(0, shownCalls), count, refused };
}

/** Rows of Stripe's: what the local engine computes alone is had without a request. */
function needsRows({ requests }: WritePlan): boolean {
  return requests.kind !== "constant" && scannedOf(requests.select).length > 0;
}

const commandOf = (plan: WritePlan): string =>
  plan.kind === "procedure"
    ? `EXECUTE ${plan.procedure.name}`
    : `${(plan.kind === "merge" ? plan.command : plan.kind).toUpperCase()} ${plan.table.name}`;

function isWrite(plan: Plan): plan is WritePlan {
  return plan.kind === "procedure" ? plan.procedure.writes : plan.kind !== "select";
}

/** What EXPLAIN adds for a write: a line for each call. */
export function callLines(calls: ExplainedCalls | undefined): readonly string[] {
  if (calls === undefined) return [];
  const { first, count = 0, refused } = calls;
  if (first === undefined) return ["Calls: one for each that is read; EXPLAIN ANALYZE reads, and shows them unsent"];
  return [
    `Calls: ${count}`,
    ...first.map((request) => `  ${callLine(request)}`),
    ...(count > first.length ? [`  … and ${count - first.length} more like these`] : []),
    ...(refused === undefined ? [] : [`Refused: ${refused}`]),
  ];
}

/** What EXPLAIN (FORMAT JSON) adds for a write. */
export function callsJson(calls: ExplainedCalls | undefined): JsonObject {
  if (calls === undefined) return {};
  const { first, count, refused } = calls;
  return {
    callCount: count ?? null,
    calls: first?.map((request) => ({ ...shownCall(request), parameters: shownParameters(request) })) ?? null,
    ...(refused === undefined ? {} : { refused }),
  };
}

function callLine(request: WriteRequest): string {
  const { method, path, account } = shownCall(request);
  const parameters = Object.entries(shownParameters(request)).flatMap(([name, value]) => parameterTexts(name, value));
  const shown = parameters.length === 0 ? "" : `  ${parameters.join(" ")}`;
  return `${method} ${path}${shown}${account === undefined ? "" : ` as ${account}`}`;
}

function shownCall({ endpoint: { method }, path, accountId }: WriteRequest) {
  return { method, path: redact(path), ...(accountId === undefined ? {} : { account: accountId }) };
}

/** Without what is secret. */
const shownParameters = ({ parameters }: WriteRequest): JsonObject => redactFields(parameters) as JsonObject;

/** `metadata[plan]=gold`: a parameter as Stripe's documentation writes it. */
function parameterTexts(name: string, value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => parameterTexts(`${name}[${index}]`, inner));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, inner]) => parameterTexts(`${name}[${key}]`, inner));
  return [`${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`];
}
