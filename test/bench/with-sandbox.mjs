import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";

/** Starts a sandbox beside this process; gives its address, an SDK client on it, and a way to end it. */
export async function withSandbox({ charges = 0, customers = 50, seed } = {}) {
  const script = fileURLToPath(new URL("./sandbox-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, String(charges), String(customers), String(seed ?? "")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
  return { url, stripe, stop: () => child.stdin.end() };
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
