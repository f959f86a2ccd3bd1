import type { OutputStream } from "./standard-streams.js";

/** True for a terminal that has colours, where nobody has asked for none. See https://no-color.org. */
export function showsColors(output: OutputStream, environment: NodeJS.ProcessEnv): boolean {
  return output.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}
