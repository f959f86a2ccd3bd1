import type { SandboxOptions } from "../driver/sandbox.js";
import { startSandbox } from "../driver/sandbox.js";
import { nextInterrupt } from "./interrupt.js";
import { reportError } from "./report-error.js";
import type { StandardStreams } from "./standard-streams.js";

/** `stripe-sql sandbox`: runs the look-alike until Ctrl-C or a request to end. The answer is the exit status. */
export async function runSandbox(options: SandboxOptions, { output, errors }: StandardStreams): Promise<number> {
  try {
    const sandbox = await startSandbox(options);
    const interrupted = nextInterrupt();
    output.write(
      [
        `Stripe sandbox on ${sandbox.url}, key ${sandbox.apiKey}`,
        `  stripe-sql --set ApiKey=${sandbox.apiKey} --set ApiBase=${sandbox.url}`,
        `  curl -u ${sandbox.apiKey}: ${sandbox.url}/v1/customers?limit=3`,
        "Ctrl-C stops it.",
        "",
      ].join("\n"),
    );
    await interrupted;
    await sandbox.close();
    return 0;
  } catch (error) {
    reportError(error, errors);
    return 1;
  }
}
