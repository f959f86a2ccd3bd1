import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runClient } from "../support/client-program.js";
import { serveBusiness } from "../support/served-business.js";

const python = fileURLToPath(new URL("../../.clients/python/bin/python", import.meta.url));
const script = fileURLToPath(new URL("../examples/gateway_psycopg.py", import.meta.url));
const shop = serveBusiness();

it("the sample program of psycopg reads open invoices and counts customers", async () => {
  const invoices = await shop.texts(
    "SELECT Number, AmountRemaining, Currency FROM Invoice WHERE Status = 'open' ORDER BY Created DESC, Id LIMIT 3",
  );
  const [count] = await shop.texts("SELECT count(*) FROM Customer WHERE AddressCountry = 'FR'");
  const run = await runClient({ program: python, install: "bash test/clients/install.sh" }, [script], {
    environment: shop.environment("reader"),
  });
  const lines = [...invoices.map((cells) => cells.join(" ")), `${count?.[0]} customers in France`];
  expect(run).toEqual({ status: 0, output: lines.map((line) => `${line}\n`).join(""), errors: "" });
});
