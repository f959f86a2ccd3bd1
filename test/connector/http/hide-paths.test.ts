import { expect, test } from "vitest";
import { pathHider } from "../../../src/connector/http/hide-paths.js";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { connectionPath, startApi } from "./running-api.js";
import { servedBy } from "./served-connector.js";

const hide = pathHider(["home", "srv", "tmp", "v1"]);

test.each([
  ["cannot open /srv/keys/reader.json", "cannot open reader.json"],
  ["cannot open /srv/keys/reader.json.", "cannot open reader.json."],
  ["ENOENT: no such file or directory, open '/home/ada/key'", "ENOENT: no such file or directory, open 'key'"],
  ['IO Error: "/tmp/stripe-sql-spill-1/x.tmp": No space', 'IO Error: "x.tmp": No space'],
  ["in /tmp/a/ and (/tmp/b)", "in a and (b)"],
  ["at load (/srv/app/dist/main.js:12:7)", "at load (main.js:12:7)"],
  ["the folder /tmp is full", "the folder tmp is full"],
  ["path=/home/ada", "path=ada"],
  ["C:\\Users\\ada\\key.json is missing", "key.json is missing"],
  ["POST /v1/customers/cus_1 was answered with status 404.", "POST /v1/customers/cus_1 was answered with status 404."],
  ["see https://docs.stripe.com/home/tmp", "see https://docs.stripe.com/home/tmp"],
  ["invalid value: '/nothing/of/ours'", "invalid value: '/nothing/of/ours'"],
  ["projects/p/secrets/home/versions/1", "projects/p/secrets/home/versions/1"],
  ["2 / 0 and a/home", "2 / 0 and a/home"],
  ["", ""],
])("of %j is left %j", (text, hidden) => {
  expect(hide(text)).toBe(hidden);
});

test("every path of this machine is hidden", () => {
  const text = `${process.cwd()}/a ${import.meta.filename} ${process.execPath}`;
  expect(pathHider()(text)).toMatch(/^a hide-paths\.test\.ts node\S*$/);
});

test("no answer has a path of this machine: not a failure, a state or a notice", async () => {
  const path = import.meta.filename;
  const failure = new StripeSqlError(`cannot read ${path}`, {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail: `open "${path}"`,
    hint: `Make ${path} readable.`,
  });
  const served = servedBy(async (method) => {
    if (method === "checkStatus") return { state: "ERROR", description: `no key file ${path}` } as never;
    if (method !== "executeSqlQuery") throw failure;
    return { results: [], metadata: { requests: 0, notices: [`spilled to ${path}`] } } as never;
  });
  const { send } = await startApi(served);
  const query = { query: { query: "SELECT 1" } };
  for (const answer of [
    await send("GET", `${connectionPath}:checkStatus`),
    await send("GET", `${connectionPath}/actions`),
    await send("POST", `${connectionPath}:executeSqlQuery`, { body: query }),
  ]) {
    expect(answer.text).toContain("hide-paths.test.ts");
    expect(answer.text).not.toContain(process.cwd());
  }
});

test("a long text is read in linear time", () => {
  const text = "/".repeat(1_000_000);
  expect(hide(text)).toBe(text);
  expect(hide(`/tmp${"/a".repeat(500_000)}`)).toBe("a");
});
