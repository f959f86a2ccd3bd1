import { fileURLToPath } from "node:url";
import type { ClientReport } from "./client-report.js";
import { reportOf } from "./client-report.js";

const python = {
  program: fileURLToPath(new URL("../../.clients/python/bin/python", import.meta.url)),
  install: "bash test/clients/install.sh",
};

/** The report of a program in test/clients/python. */
export function pythonReport(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ClientReport> {
  const script = fileURLToPath(new URL(`../clients/python/${name}`, import.meta.url));
  // Compiled modules would stay behind in the folder of the sources.
  return reportOf(python, ["-B", script, ...args], { environment });
}
