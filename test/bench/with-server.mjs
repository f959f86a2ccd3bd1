import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary-folder.mjs";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const nodes = 2;

/** `stripe-sql serve` with one connection, "bench", of two nodes: the connection's address, its token, and a way to end it. */
export async function withServer({ apiBase, throttle }) {
  const token = "token-of-the-benchmark";
  const folder = temporaryFolder("stripe-sql-bench-");
  const file = join(folder, "bench.json");
  const node_config = { min_node_count: nodes, max_node_count: nodes };
  writeFileSync(file, JSON.stringify({ name: "bench", api_base: apiBase, node_config, throttle }));
  const env = { ...process.env, STRIPE_SQL_TOKEN: token };
  const child = spawn(process.execPath, [program, "serve", "--http", "0", "--connection", file], { env });
  let printed = "";
  let ready = 0;
  child.stderr.on("data", (chunk) => {
    ready += String(chunk).split('"node ready"').length - 1;
  });
  while (!/ on (http:\S+)\n/.test(printed)) printed += (await once(child.stdout, "data")).join("");
  while (ready < nodes) await wait(50);
  const [, base] = / on (http:\S+)\n/.exec(printed);
  return {
    url: `${base}/v2/projects/bench/locations/global/connections/bench`,
    token,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "close");
      rmSync(folder, { recursive: true });
    },
  };
}
