import { describe, expect, it } from "vitest";
import type { ClientRun } from "../support/client-program.js";
import { runClient } from "../support/client-program.js";
import type { ServedUser } from "../support/served-business.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();

function psql(script: string, user: ServedUser = "writer"): Promise<ClientRun> {
  const program = { program: "psql", install: "apt-get install postgresql-client" };
  const args = ["-X", "-q", "-v", "VERBOSITY=verbose", "-f", "-"];
  return runClient(program, args, { input: script, environment: shop.environment(user), folder: shop.folder.path });
}

describe("psql", () => {
  it("prints the rows that the driver gives", async () => {
    const customers = await shop.driver("SELECT Id, Email FROM Customer ORDER BY Id LIMIT 5");
    const { output, errors } = await psql(
      "\\pset format unaligned\nSELECT id, email FROM customers ORDER BY id LIMIT 5;",
    );
    expect(errors).toBe("");
    const lines = customers.map((customer) => `${customer["Id"]}|${customer["Email"] ?? ""}`);
    expect(output).toBe(["id|email", ...lines, "(5 rows)", ""].join("\n"));
  });
});
