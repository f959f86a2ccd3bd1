import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { reportError } from "../../src/repl/report-error.js";
import { collectedStreams } from "./collected-stream.js";

test("a port that another program has is told as such, and how to take another", async () => {
  const [first, second] = [createServer(), createServer()];
  await once(first.listen(0, "127.0.0.1"), "listening");
  const { port } = first.address() as { readonly port: number };
  const [error] = await once(second.listen(port, "127.0.0.1"), "error");
  const { errors } = collectedStreams();
  reportError(error, errors);
  expect(errors.text).toBe(
    `ERROR:  127.0.0.1:${port} is in use\nSQLSTATE:  58030\nHINT:  Another program listens there: end it, or give another port; 0 takes a free one.\n`,
  );
  first.close();
});
