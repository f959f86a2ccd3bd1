import { parseCommandLine } from "./command-line.js";
import { packageVersion } from "./version.js";

const invocation = parseCommandLine(process.argv.slice(2), packageVersion());
const streams = { input: process.stdin, output: process.stdout, errors: process.stderr };

// Where errors cannot be told, the exit status alone tells of them.
streams.errors.on("error", () => {});

void run();

/** What does the work is loaded only where there is work: help and version stay quick. */
async function run(): Promise<void> {
  switch (invocation.kind) {
    case "print": {
      const stream = invocation.status === 0 ? streams.output : streams.errors;
      stream.write(invocation.text);
      process.exitCode = invocation.status;
      break;
    }
    case "sandbox": {
      const { runSandbox } = await import("./run-sandbox.js");
      process.exitCode = await runSandbox(invocation.options, streams);
      break;
    }
    case "connection check": {
      const { checkConnections } = await import("./check-connections.js");
      process.exitCode = await checkConnections(invocation, streams);
      break;
    }
    case "connection schema": {
      const { connectionFileSchema } = await import("../driver/connection-file/connection-file-schema.js");
      streams.output.write(`${JSON.stringify(connectionFileSchema(), null, 2)}\n`);
      break;
    }
    case "serve": {
      const { runServe } = await import("./run-serve.js");
      // Whoever still holds a connection open when all is done is not waited for.
      process.exit(await runServe(invocation, streams));
      break;
    }
    case "studio": {
      const { runStudio } = await import("./run-studio.js");
      process.exitCode = await runStudio(invocation, streams);
      break;
    }
    case "conformance": {
      const { printConformance } = await import("./print-conformance.js");
      process.exitCode = await printConformance(invocation, streams);
      break;
    }
    case "query": {
      const { runQuery } = await import("./run-query.js");
      process.exitCode = await runQuery(invocation, streams);
      break;
    }
  }
}
