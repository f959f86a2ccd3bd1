// `stripe-sql serve` over the plain HTTP API and scripted nodes: takes the same arguments.
import { fileURLToPath } from "node:url";
import { parseCommandLine } from "../../dist/repl/command-line.js";
import { runServe } from "../../dist/repl/run-serve.js";
import { openPlainHttpApi } from "./plain-http-api.mjs";

const streams = { input: process.stdin, output: process.stdout, errors: process.stderr };
const parts = {
  openHttpApi: openPlainHttpApi,
  nodeModule: fileURLToPath(new URL("scripted-node.mjs", import.meta.url)),
};
process.exit(await runServe(parseCommandLine(["serve", ...process.argv.slice(2)], "0"), streams, parts));
