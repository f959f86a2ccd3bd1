import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runClient } from "../support/client-program.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
const program = { program: "pgbench", install: "apt-get install postgresql" };
const script = fileURLToPath(new URL("pgbench/report.sql", import.meta.url));

/** Four clients at once, three times the script each. */
function bench(protocol: string, file: string, paid: unknown) {
  const args = ["-n", "-f", file, "-M", protocol, "-c", "4", "-j", "2", "-t", "3", "-D", `paid=${paid}`];
  return runClient(program, args, { environment: shop.environment() });
}

describe("pgbench", () => {
  it.each(["simple", "extended", "prepared"])(
    "runs a script of one's own, %s, with the driver's counts",
    async (protocol) => {
      const [own] = await shop.driver("SELECT count(*) AS Paid FROM Invoice WHERE Status = 'paid'");
      const { status, output, errors } = await bench(protocol, script, own?.["Paid"]);
      expect({ status, errors }).toEqual({ status: 0, errors: "" });
      expect(output).toContain(`query mode: ${protocol}\n`);
      expect(output).toContain("number of transactions actually processed: 12/12\n");
      expect(output).toContain("number of failed transactions: 0 (0.000%)\n");
    },
  );

  it("ends a script by its first error", async () => {
    const counted = await bench("simple", script, -1);
    expect([counted.status, counted.errors]).toEqual([2, expect.stringContaining("ERROR:  division by zero")]);
    const file = shop.folder.write("wrong.sql", "SELECT nothing FROM customers;\n");
    const named = await bench("prepared", file, 0);
    expect([named.status, named.errors]).toEqual([
      2,
      expect.stringContaining('ERROR:  column "nothing" does not exist'),
    ]);
  });
});
