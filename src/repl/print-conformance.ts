import type { Finding } from "../conformance/finding.js";
import type { ResultColumn } from "../driver/api.js";
import type { Database } from "../driver/database.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { printResult } from "../output/print-result.js";
import type { PrintableRows } from "../output/printable-rows.js";
import { onInterrupt } from "./interrupt.js";
import type { ConformanceInvocation } from "./invocation.js";
import { isBadProperty } from "./is-bad-property.js";
import { reportError, writeLines } from "./report-error.js";
import type { StandardStreams } from "./standard-streams.js";

/** `stripe-sql conformance`. The answer is the exit status: 0, 1 where something disagrees, 2 for mistakes and live keys. */
export async function printConformance(
  invocation: ConformanceInvocation,
  { output, errors }: StandardStreams,
): Promise<number> {
  const cancel = new AbortController();
  const removeInterrupt = onInterrupt(() => cancel.abort());
  let database: Database | undefined;
  try {
    database = await openAsked(invocation);
    const { runConformance } = await import("../conformance/run-conformance.js");
    const findings: Finding[] = [];
    const options = { ...invocation, signal: cancel.signal };
    for await (const finding of runConformance(database, options)) findings.push(finding);
    const layout = { width: undefined, expanded: "off" } as const;
    for await (const text of printResult(findingRows(findings), invocation.format, layout)) output.write(text);
    writeLines(errors, [summaryLine(findings)]);
    return findings.some(({ verdict }) => verdict === "disagrees") ? 1 : 0;
  } catch (error) {
    reportError(error, errors);
    return isMistake(error) ? 2 : 1;
  } finally {
    removeInterrupt();
    await database?.close();
  }
}

async function openAsked({ connection, overrides }: ConformanceInvocation): Promise<Database> {
  const { openDatabase } = await import("../driver/open-connection.js");
  const { readInput, withOverrides } = await import("../driver/connection-input.js");
  return openDatabase(overrides === undefined ? connection : withOverrides(await readInput(connection), overrides));
}

/** A live key, which is refused before anything is sent, and a table that does not exist are mistakes too. */
function isMistake(error: unknown): boolean {
  const isRefused =
    error instanceof StripeSqlError &&
    (error.phase === "connect" || error.sqlState === SqlState.undefinedTable) &&
    error.sqlState !== SqlState.connectionFailure;
  return isRefused || isBadProperty(error);
}

const columns: readonly ResultColumn[] = ["Table", "Verdict", "Check", "Detail"].map((name) => ({
  name,
  type: "VARCHAR",
}));

type FindingRow = readonly (string | null)[];

/** Each disagreement and whatever is untold by itself; what agrees, a row for each table. */
function findingRows(findings: readonly Finding[]): PrintableRows {
  const tables = [...new Set(findings.map(({ table }) => table))];
  const rows = tables.flatMap((table): readonly FindingRow[] => {
    const own = findings.filter((finding) => finding.table === table);
    const agreeing = own.filter(({ verdict }) => verdict === "agrees").map(({ check }) => check);
    const others = own.filter(({ verdict }) => verdict !== "agrees").map(rowOf);
    return agreeing.length === 0 ? others : [[table, "agrees", agreeing.join(", "), null], ...others];
  });
  return {
    columns: async () => columns,
    async *texts(style) {
      for (const row of rows) yield style === "json" ? row.map((text) => JSON.stringify(text)) : row;
    },
  };
}

const rowOf = ({ table, verdict, check, detail }: Finding): FindingRow => [table, verdict, check, detail ?? null];

function summaryLine(findings: readonly Finding[]): string {
  const count = (wanted: Finding["verdict"]) => findings.filter(({ verdict }) => verdict === wanted).length;
  return `${count("agrees")} checks agree, ${count("disagrees")} disagree, ${count("untold")} tell nothing`;
}
