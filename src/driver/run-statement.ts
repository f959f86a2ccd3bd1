import type { Catalog } from "../catalog/catalog.js";
import type { StripeSqlError } from "../error/stripe-sql-error.js";
import { keptAges } from "../execute/kept/kept-ages.js";
import type { RowSource } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import { runCheckedSelect, untilUndoubted } from "../execute/select/checked-select.js";
import type { StatementContext } from "../execute/statement-context.js";
import { runProcedure } from "../execute/write/run-procedure.js";
import type { ConfirmWrite, WriteResult } from "../execute/write/run-write.js";
import { runWrite } from "../execute/write/run-write.js";
import type { PlanEnvironment } from "../plan/environment.js";
import { withParameters } from "../plan/environment.js";
import { estimateText } from "../plan/explain-estimate.js";
import { explainJson } from "../plan/explain-json.js";
import type { KeptAges } from "../plan/explain-kept.js";
import { keptShare } from "../plan/explain-kept.js";
import { explainText } from "../plan/explain-text.js";
import type { ExplainContext } from "../plan/explained-plan.js";
import type { Plan } from "../plan/plan.js";
import { selectOf } from "../plan/plan.js";
import { isKnown } from "../plan/plan-cost.js";
import { planSelect } from "../plan/select/plan-select.js";
import type { SelectPlan } from "../plan/select/select-plan.js";
import { scannedOf } from "../plan/select/select-plan.js";
import { planDelete } from "../plan/write/plan-delete.js";
import { planInsert } from "../plan/write/plan-insert.js";
import { planMerge } from "../plan/write/plan-merge.js";
import { planProcedure } from "../plan/write/plan-procedure.js";
import { planUpdate } from "../plan/write/plan-update.js";
import type { DeletePlan, InsertPlan, MergePlan, UpdatePlan } from "../plan/write/write-plan.js";
import { rejectReadOnly } from "../plan/write/write-target.js";
import type {
  ExplainStatement,
  KeptWriteStatement,
  SelectStatement,
  SettingStatement,
  ShowSettingStatement,
  Statement,
} from "../syntax/statement.js";
import { shownZoneName } from "../value/zone-name.js";
import type { PendingWrite, WriteOutcome } from "./api.js";
import { callLines, callsJson, explainedCalls } from "./explained-calls.js";
import type { DatabaseKeptRows } from "./kept/database-kept-rows.js";
import { forgottenRows } from "./kept/forgotten-rows.js";
import type { KeptJournal } from "./kept-journal.js";
import type { MetadataParts } from "./metadata-rows.js";
import { metadataRows, settingRows, settingsRows } from "./metadata-rows.js";
import { planCopied } from "./plan-copied.js";
import { isPlanned, planStatement } from "./plan-statement.js";
import type { PlannedSelect, PlannedSelects } from "./planned-selects.js";
import { costed } from "./planned-selects.js";
import { queryPlanRows } from "./query-plan-rows.js";
import { knownExcess, requireKnownRoom } from "./require-known-room.js";
import type { ResumeParts } from "./resume-write.js";
import { forgetWrite, openCalls, resumeWrite, shownWrite } from "./resume-write.js";
import { runTempTableStatement } from "./temp-tables/run-temp-table-statement.js";
import type { SessionTempTables } from "./temp-tables/session-temp-tables.js";
import type { TimeZoneSetting } from "./time-zone-setting.js";
import { requireKnown, timeZoneName } from "./time-zone-setting.js";
import type { TransactionNotes } from "./transaction-notes.js";
import { runViewStatement } from "./views/run-view-statement.js";
import type { SessionViews } from "./views/session-views.js";
import type { OwnWrites } from "./write-tables.js";

/** What a connection lends to a statement of its own. */
export interface StatementHost {
  readonly catalog: Catalog;
  readonly environment: PlanEnvironment;
  readonly plannedSelects: PlannedSelects;
  readonly context: StatementContext;
  /** Where the account's writes are kept. */
  readonly ownWrites: OwnWrites;
  /** Where those of this statement are; undefined where nothing is run. */
  readonly kept: KeptJournal | undefined;
  readonly signal: AbortSignal;
  readonly explain: ExplainContext;
  readonly transaction: TransactionNotes;
  readonly setting: TimeZoneSetting;
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
  /** What FORGET removes. */
  readonly keptRows: Pick<DatabaseKeptRows, "forget">;
  /** Told how many requests a SELECT is expected to take, where that is known. */
  readonly estimate: (requests: number | undefined) => void;
  readonly confirmWrite: (write: Pick<PendingWrite, "command" | "objects">) => Promise<boolean>;
  /** Why a write would be refused; undefined where it would not. */
  readonly refusalOf: (write: Pick<PendingWrite, "command" | "objects">) => StripeSqlError | undefined;
}

/** A statement under way: rows still to come, outcomes of what was written. */
export interface RunningStatement {
  readonly command: string;
  readonly rows: RowSource;
  readonly outcomes: readonly WriteOutcome[];
  /** What failed after objects were written. */
  readonly error?: StripeSqlError | undefined;
}

const noRows: RowSource = givenRows([], []);

export async function runStatement(statement: Statement, host: StatementHost): Promise<RunningStatement> {
  switch (statement.kind) {
    case "select":
      return {
        command: "SELECT",
        rows: await runCheckedSelect(() => plannedSelect(statement, host), host.context),
        outcomes: [],
      };
    case "insert":
      return written("INSERT", statement.table.name, host, async (confirm) =>
        runWrite(withinRoom(planInsert(statement, host.environment), host), host.context, confirm),
      );
    case "update":
      return written("UPDATE", statement.table.name, host, async (confirm) =>
        runWrite(withinRoom(planUpdate(statement, host.environment), host), host.context, confirm),
      );
    case "delete":
      return written("DELETE", statement.table.name, host, async (confirm) =>
        runWrite(withinRoom(planDelete(statement, host.environment), host), host.context, confirm),
      );
    case "merge":
      return written(
        statement.conflict === undefined ? "MERGE" : "INSERT",
        statement.table.name,
        host,
        async (confirm) => runWrite(withinRoom(planMerge(statement, host.environment), host), host.context, confirm),
      );
    case "copy":
      return written("COPY", statement.table.name, host, async (confirm) =>
        runWrite(withinRoom(await planCopied(statement, host), host), host.context, confirm),
      );
    case "execute":
      return execute(statement, host);
    case "show-write":
      return { command: "SHOW", rows: shownWrite(statement.write, ownParts(host)), outcomes: [] };
    case "resume":
      return resume(statement, host);
    case "forget":
      await forgetWrite(statement.write, resumeParts(host));
      return { command: "FORGET", rows: noRows, outcomes: [] };
    case "create-view":
    case "drop-view":
      await runViewStatement(statement, host);
      return { command: statement.kind === "create-view" ? "CREATE VIEW" : "DROP VIEW", rows: noRows, outcomes: [] };
    case "create-table":
    case "drop-table":
    case "refresh":
      await runTempTableStatement(statement, {
        ...host,
        plan: (select, environment) => withinBounds(costed(select, environment), host),
      });
      return { command: commandOf[statement.kind], rows: noRows, outcomes: [] };
    case "forget-rows":
      return { command: "FORGET", rows: forgottenRows(host.keptRows.forget(statement.all)), outcomes: [] };
    case "explain":
      return { command: "EXPLAIN", rows: await explain(statement, host), outcomes: [] };
    case "show":
    case "describe":
      return {
        command: statement.kind.toUpperCase(),
        rows: metadataRows(statement, metadataParts(host)),
        outcomes: [],
      };
    case "set":
    case "show-setting":
    case "reset":
      return runSetting(statement, host);
    case "begin":
    case "commit":
    case "rollback":
      host.transaction[statement.kind](host.context.notice);
      host.setting[statement.kind]();
      return { command: statement.kind.toUpperCase(), rows: noRows, outcomes: [] };
  }
}

async function runSetting(statement: SettingStatement, { setting, context }: StatementHost): Promise<RunningStatement> {
  const command = statement.kind === "show-setting" ? "SHOW" : statement.kind.toUpperCase();
  if (statement.kind === "set") await setting.set(statement, context.notice);
  if (statement.kind === "reset") {
    const wanted = statement.setting ?? { name: timeZoneName, position: statement.offset };
    await setting.set({ setting: wanted, value: undefined, isLocal: false }, context.notice);
  }
  const rows = statement.kind === "show-setting" ? shownSetting(statement, (await setting.zone()).name) : noRows;
  return { command, rows, outcomes: [] };
}

/** Fails with 42704 for a setting that there is not. */
export function shownSetting({ setting }: ShowSettingStatement, zone: string): RowSource {
  if (setting === undefined) return settingsRows(shownZoneName(zone));
  requireKnown(setting);
  return settingRows(shownZoneName(zone));
}

const commandOf = { "create-table": "CREATE TABLE", "drop-table": "DROP TABLE", refresh: "REFRESH" } as const;

function plannedSelect(statement: SelectStatement, host: StatementHost): SelectPlan {
  return withinBounds(host.plannedSelects.plan(statement, host.environment), host);
}

/** The plan, unless it is known to send more than the statement may. */
function withinBounds({ plan, cost }: PlannedSelect, host: StatementHost): SelectPlan {
  host.estimate(isKnown(cost.basis) ? cost.requests : undefined);
  // What is kept needs no room: the bound holds for each request all the same.
  const isPartlyKept = keptShare(scannedOf(plan), { kept: keptAges(plan, host.context) }) !== "none";
  if (!isPartlyKept) requireKnownRoom(plan, host.environment.statistics, host.context.scope.maxRequests);
  return told(plan, host);
}

/** A write's plan, unless what it changes, or has to read first, is known to be more than it may send. */
function withinRoom<Plan extends InsertPlan | UpdatePlan | DeletePlan | MergePlan>(
  plan: Plan,
  host: StatementHost,
): Plan {
  requireKnownRoom(plan, host.environment.statistics, host.context.scope.maxRequests);
  return told(plan, host);
}

export const metadataParts = (host: StatementHost): MetadataParts => ({
  ...host,
  systemTables: host.environment.systemTables,
  notice: host.context.notice,
});

/** The plan, its notices told. */
function told<Plan extends { readonly notices: readonly string[] }>(plan: Plan, host: StatementHost): Plan {
  for (const notice of plan.notices) host.context.notice(notice);
  return plan;
}

async function written(
  verb: string,
  table: string,
  host: StatementHost,
  run: (confirm: ConfirmWrite) => Promise<WriteResult>,
): Promise<RunningStatement> {
  const command = `${verb} ${table}`;
  const { outcomes, returning, returningError } = await untilUndoubted(
    () => run((objects) => host.confirmWrite({ command, objects })),
    host.context,
  );
  const ids = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
  host.transaction.written(command, ids, host.context.notice);
  return { command: verb, rows: returning ?? noRows, outcomes, error: returningError };
}

async function execute(
  statement: Extract<Statement, { kind: "execute" }>,
  host: StatementHost,
): Promise<RunningStatement> {
  const plan = planProcedure(statement, host.environment);
  const command = `EXECUTE ${plan.procedure.name}`;
  const run = await untilUndoubted(
    () =>
      runProcedure(planProcedure(statement, host.environment), host.context, (objects) =>
        host.confirmWrite({ command, objects }),
      ),
    host.context,
  );
  if (plan.procedure.writes && run !== undefined) host.transaction.written(command, [], host.context.notice);
  return {
    command: "EXECUTE",
    rows: run?.rows ?? noRows,
    outcomes: run?.outcomes ?? [{ state: "not tried", id: undefined }],
  };
}

async function resume({ write }: KeptWriteStatement, host: StatementHost): Promise<RunningStatement> {
  rejectReadOnly(host.environment);
  const command = `RESUME ${write}`;
  const { rows, outcomes } = await resumeWrite(write, resumeParts(host), (objects) =>
    host.confirmWrite({ command, objects }),
  );
  const ids = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
  if (ids.length > 0) host.transaction.written(command, ids, host.context.notice);
  return { command: "RESUME", rows, outcomes };
}

function resumeParts({ ownWrites, kept, catalog, context, signal }: StatementHost): ResumeParts {
  if (kept === undefined) throw new TypeError("a statement that is only described resumes nothing");
  const own = ownParts({ ownWrites });
  return { ...own, nowMs: () => ownWrites.writes.now(), journal: kept, catalog, context, signal };
}

function ownParts({ ownWrites: { writes, server } }: Pick<StatementHost, "ownWrites">) {
  return { writes: writes.ifAny(), account: server.writer };
}

async function explain(
  { statement: given, format, analyze, costs }: ExplainStatement,
  host: StatementHost,
): Promise<RowSource> {
  const { statement, environment } = readingOf(given, host);
  if (statement.kind === "resume") return queryPlanRows("text", [explainedResume(statement, host)]);
  const planned = await plannerOf(statement, { ...host, environment });
  if (planned === undefined)
    return queryPlanRows("text", [`${statement.kind.toUpperCase().replaceAll("-", " ")}: no request`]);
  const calls = await explainedCalls(planned, host, { reads: analyze });
  const startedMs = Date.now();
  const measured =
    analyze && statement.kind === "select" ? await measure(() => planSelect(statement, environment), host) : undefined;
  // After the measurement: the plan is the one by which the rows came.
  const plan = planned();
  const kept = keptBefore(startedMs, keptAges(keptPart(plan), host.context));
  const explained: ExplainContext = { ...host.explain, kept };
  if (measured === undefined) tellRefusal(plan, explained, host);
  if (analyze && plan.kind !== "select")
    host.context.notice("ANALYZE writes nothing: what the statement reads was read, and none of its calls was sent");
  if (analyze && given.kind !== statement.kind)
    host.context.notice("ANALYZE ran the temp table's query alone: the table is as it was");
  if (format === "json") {
    const actual = measured === undefined ? {} : { actual: measured };
    const json = { ...explainJson(plan, explained), ...callsJson(calls), ...actual };
    return queryPlanRows("json", [json]);
  }
  const actual =
    measured === undefined
      ? []
      : [
          `Actual: ${counted(measured.requests, "request")}, ${counted(measured.rows, "row")}, ${measured.elapsedMs.toFixed(0)} ms`,
        ];
  const [headline = "", ...lines] = explainText(plan, explained);
  const estimate =
    costs === true && plan.kind === "select" && statement.kind === "select"
      ? `  ${estimateText(plan, statement.query, environment)}`
      : "";
  return queryPlanRows("text", [`${headline}${estimate}`, ...lines, ...callLines(calls), ...actual]);
}

/** What the measured run itself has kept is nothing that it could take. */
function keptBefore(startedMs: number, kept: KeptAges | undefined): KeptAges | undefined {
  if (kept === undefined) return undefined;
  return (table, access) => {
    const age = kept(table, access);
    return age !== undefined && Date.now() - age.ageMs < startedMs ? age : undefined;
  };
}

/** Who asks what a statement takes is told that it may not take so much. */
function tellRefusal(plan: Plan, { kept }: ExplainContext, { environment, context }: StatementHost): void {
  const { maxRequests } = context.scope;
  const excess = knownExcess(plan, environment.statistics, maxRequests);
  if (excess === undefined || keptShare(scannedOf(selectOf(plan)), { kept }) !== "none") return;
  context.notice(`MaxRequests is ${maxRequests}, and the statement takes ${excess}: it would be refused`);
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A temp table is filled by its query. */
function readingOf(statement: ExplainStatement["statement"], { environment, tempTables }: StatementHost) {
  if (statement.kind === "create-table") return { statement: statement.select, environment };
  if (statement.kind !== "refresh") return { statement, environment };
  const { select, values } = tempTables.get(statement.name);
  return { statement: select, environment: withParameters(environment, values) };
}

/** Plans a statement as often as it is asked to; undefined for one without requests. A file is read once. */
async function plannerOf(
  statement: ExplainStatement["statement"],
  host: StatementHost,
): Promise<(() => Plan) | undefined> {
  if (statement.kind === "copy") {
    const plan = await planCopied(statement, host);
    return () => plan;
  }
  return isPlanned(statement) ? () => planStatement(statement, host.environment) : undefined;
}

function explainedResume({ write }: KeptWriteStatement, host: StatementHost): string {
  const calls = openCalls(write, ownParts(host));
  return `RESUME: ${calls} calls to be settled, each by a request; where keys have expired, by more that ask for events and objects`;
}

/** A write reads what it changes from Stripe. */
const keptPart = (plan: Plan): SelectPlan | undefined => (plan.kind === "select" ? plan : undefined);

async function measure(plan: () => SelectPlan, host: StatementHost) {
  const start = performance.now();
  const before = host.context.scope.count;
  let rows = 0;
  const { batches } = await runCheckedSelect(plan, host.context);
  for await (const batch of batches) rows += batch.length;
  return { requests: host.context.scope.count - before, rows, elapsedMs: performance.now() - start };
}
