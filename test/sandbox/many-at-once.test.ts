import { expect, it } from "vitest";
import { runSandbox } from "./running-sandbox.js";

const running = runSandbox({ customers: 1, latencyMs: 50 });

it("requests that are held back at once warn of no leak", async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on("warning", hear);
  const answers = Array.from({ length: 20 }, () => running.raw("GET", "/v1/balance"));
  for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});
