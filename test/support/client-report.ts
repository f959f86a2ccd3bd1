import type { ClientProgram, ClientRunOptions } from "./client-program.js";
import { runClient } from "./client-program.js";

/** What a client's program answered, by its cases. */
export type ClientReport = ReadonlyMap<string, unknown>;

interface ReportLine {
  readonly case: string;
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * Runs a program that prints a line of JSON for each case, {"case": name, "value": …} or "error" in place of the value,
 * to its end, which must be a good one.
 */
export async function reportOf(
  program: ClientProgram,
  args: readonly string[],
  options: ClientRunOptions,
): Promise<ClientReport> {
  const { status, output, errors } = await runClient(program, args, options);
  if (status !== 0) throw new Error(`the client ended with status ${status}:\n${output}${errors}`);
  const lines = output.trimEnd().split("\n");
  return new Map(lines.map((line) => caseOf(JSON.parse(line))));
}

/** A case that failed is an Error, which equals no answer and shows what went wrong. */
function caseOf({ case: name, value, error }: ReportLine): [string, unknown] {
  return [name, error === undefined ? value : new Error(error)];
}
