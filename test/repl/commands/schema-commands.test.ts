import { expect, it } from "vitest";
import { Variables } from "../../../src/repl/input/variables.js";
import { Repl } from "../../../src/repl/repl.js";
import { connectSandbox } from "../../support/sandbox-connection.js";
import { collectedStreams } from "../collected-stream.js";

const sandbox = connectSandbox({ customers: 1 });

/** What lines that are piped into a REPL on the sandbox say. */
async function saidOf(line: string): Promise<{ readonly output: string; readonly errors: string }> {
  const streams = collectedStreams();
  streams.input.end(`${line}\n`);
  const settings = { history: [], onEntry: () => undefined, variables: new Variables(), queriesFolder: "/nowhere" };
  await new Repl(sandbox.connection, streams, { format: "table", environment: { NO_COLOR: "1" }, ...settings }).run();
  return { output: streams.output.text, errors: streams.errors.text };
}

it("\\d+ tells of a view its columns, what it means, Stripe's page on that, and its SQL", async () => {
  const { output } = await saidOf("\\d+ metrics.refunds_by_month");
  const places = [
    " refund_count | BIGINT",
    "Refunds by the month that they were made in",
    "\nhttps://docs.stripe.com/refunds\n",
    "View definition:\nSELECT date_trunc('month', created) AS month",
  ].map((text) => output.indexOf(text));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

it("\\d+ tells of a table what it is, and needs one that there is", async () => {
  expect((await saidOf("\\d+ Refund")).output).toContain("Returns a list of all refunds you created.");
  expect((await saidOf("\\d+")).errors).toContain("\\d+ needs a table or view");
  expect((await saidOf("\\d+ metrics.refund")).errors).toContain("42P01");
});

it.each(["\\dt metrics.*churn", "\\dv METRICS.*churn"])("%s lists of a schema what fits", async (line) => {
  const { output } = await saidOf(line);
  expect(output).toMatch(/customer_churn[\s\S]*revenue_churn[\s\S]*\(2 rows\)/);
});
