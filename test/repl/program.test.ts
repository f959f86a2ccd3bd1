import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/driver/sandbox.js";
import { ensureBuilt, runProgram, runShell } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";
import { json } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { startSecretServer } from "../support/secret-server.js";
import { selfSignedCertificate } from "../support/self-signed-certificate.js";

let folder: string;

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-program-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the program's first start", () => {
  const statement = ["--sandbox", "-c", "SELECT Id FROM Product WHERE Id = 'prod_none'"];

  it("compiles nothing: the schema came with it", async () => {
    const { path } = testFolder();
    const log = ["--set", "Verbosity=2", "--set", `LogFile=${join(path, "log.jsonl")}`];
    const run = await runProgram([...log, ...statement], { environment: { XDG_CACHE_HOME: path } });
    expect(run).toMatchObject({ status: 0, errors: "" });
    const logged = readFileSync(join(path, "log.jsonl"), "utf8");
    expect(logged).toContain("catalog opened");
    expect(logged).not.toContain("catalog compiled");
    expect(readdirSync(join(path, "stripe-sql")).filter((name) => name.startsWith("catalog"))).toEqual([]);
  });

  it("says where nothing can be remembered", async () => {
    const run = await runProgram(["--set", "CachePath=/proc/nothing", ...statement]);
    expect(run.status).toBe(0);
    expect(run.errors).toContain("the cache folder /proc/nothing cannot be written (ENOENT): nothing is remembered");
  });
});

describe("the program refuses", () => {
  it("an option that it does not know, with status 2", async () => {
    expect(await runProgram(["--formt"])).toEqual({
      status: 2,
      output: "",
      errors: "error: unknown option '--formt'\n(Did you mean --format?)\n",
    });
  });

  it("a connection property that it does not know, with status 2", async () => {
    const run = await runProgram(["-c", "SELECT 1", "--set", "ApiKy=sk_test_abc"]);
    expect(run).toMatchObject({ status: 2, output: "" });
    expect(run.errors).toContain('HINT:  Did you mean "ApiKey"?');
    expect(run.errors).not.toContain("sk_test_abc");
  });

  it("a connection file with mistakes, with status 2 and a line for each", async () => {
    const file = join(folder, "wrong.yaml");
    writeFileSync(file, "name: Stripe\nsandbox: true\nverbosity: 9\n");
    for (const args of [
      ["-c", "SELECT 1", "--connection", file],
      ["connection", "check", file],
    ]) {
      expect(await runProgram(args)).toEqual({
        status: 2,
        output: "",
        errors:
          `ERROR:  connection file ${file} has 2 mistakes\nSQLSTATE:  22023\n` +
          `DETAIL:  ${file}:1:7: name must be 1 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last, not "Stripe"\n` +
          `${file}:3:12: verbosity must be a whole number from 1 to 5, not 9\n`,
      });
    }
    rmSync(file);
  });

  it("a wrong statement, with status 1 and a caret", async () => {
    const run = await runProgram(["-c", "SELECT Id FROM Custmer"]);
    expect(run).toMatchObject({ status: 1, output: "" });
    expect(run.errors).toContain('ERROR:  relation "Custmer" does not exist\nLINE 1: SELECT Id FROM Custmer\n');
    expect(run.errors).toContain("SQLSTATE:  42P01\n");
  });

  it("an output file that cannot be written, with status 1", async () => {
    const run = await runProgram(["-c", "SELECT 1", "-o", join(folder, "no", "such", "file")]);
    expect(run.status).toBe(1);
    expect(run.errors).toContain("ERROR:  ENOENT: no such file or directory");
  });

  it("a server that does not answer, with status 1", async () => {
    const run = await runProgram(["-c", "SELECT Id FROM Customer LIMIT 1", "--set", "ApiBase=http://127.0.0.1:1"]);
    expect(run.status).toBe(1);
    expect(run.errors).toContain("SQLSTATE:  08006");
  });
});

describe("the program", () => {
  it("runs a statement on the sandbox", async () => {
    expect(await runProgram(["-c", "SELECT count(*) > 10 AS many FROM Customer"])).toEqual({
      status: 0,
      output: " many\n------\n true\n(1 row)\n",
      errors: "",
    });
  });

  it("runs a script of standard input", async () => {
    const input = "SELECT 1 AS a;\n-- and\nSELECT 'x;y' AS b;\n";
    expect(await runProgram(["--format", "csv"], { input })).toEqual({
      status: 0,
      output: "a\r\n1\r\nb\r\nx;y\r\n",
      errors: "",
    });
  });

  it("runs nothing where standard input is empty", async () => {
    expect(await runProgram([])).toEqual({ status: 0, output: "", errors: "" });
  });

  it("runs files and scripts in their order, with variables, and with backslash commands among them", async () => {
    const file = join(folder, "five.sql");
    writeFileSync(file, "SELECT :n AS n, ':n' AS text");
    const plain = await runProgram(["-v", "n=5", "--format", "csv", "-c", "SELECT 1 AS a", "-f", file]);
    expect(plain).toEqual({ status: 0, output: "a\r\n1\r\nn,text\r\n5,:n\r\n", errors: "" });
    const commands = ["--format", "csv", "-c", "\\dt applepay", "-f", file, "-c", "\\q", "-c", "SELECT 1"];
    const run = await runProgram(["-v", "n=6", ...commands]);
    expect(run).toMatchObject({ status: 0, errors: "" });
    expect(run.output).toMatch(/^Schema,Table,.*\r\nstripe,ApplePayDomain,.*\r\nn,text\r\n6,:n\r\n$/);
    rmSync(file);
    const missing = await runProgram(["-c", "SELECT 1", "-f", file]);
    expect(missing).toMatchObject({ status: 1, output: "", errors: expect.stringContaining("SQLSTATE:  58P01") });
  });

  it("asks nobody about writes in a script with backslash commands: they are agreed to, or refused", async () => {
    const scripts = ["-c", "\\x on", "-c", "INSERT INTO Customer (Name) VALUES ('a')", "--set", "WriteMode=confirm"];
    const refused = await runProgram(scripts);
    expect(refused).toMatchObject({ status: 1, errors: expect.stringContaining("SQLSTATE:  25006") });
    const agreed = await runProgram([...scripts, "--yes"]);
    expect(agreed).toMatchObject({ status: 0, output: "Expanded display is on.\nINSERT 1\n" });
  });

  it("lists views", async () => {
    const view = "CREATE TEMP VIEW newest AS SELECT Id FROM Customer LIMIT 1;";
    const run = await runProgram(["--format", "csv", "-c", view, "-c", "\\dv newest"]);
    expect(run).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^Schema,View\r\n[^\n]*,newest\r\n$/),
    });
  });

  it("ends a script with commands at its first failure, and leaves no file half written", async () => {
    const file = join(folder, "out.csv");
    const scripts = ["-c", "\\format csv", "-c", "SELECT 1 AS a", "-c", "\\zzz", "-c", "SELECT 2"];
    expect(await runProgram([...scripts, "-o", file])).toEqual({
      status: 1,
      output: "Format is csv.\n",
      errors: "ERROR:  unknown command \\zzz\nHINT:  Try \\? for help.\nNOT RUN:  1 statement, from: SELECT 2\n",
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(await runProgram(["--format", "parquet", "-o", file, "-c", "\\dt"])).toMatchObject({
      status: 2,
      output: "",
    });
  });

  it("shows amounts in their currencies' own units, where a row tells which that is", async () => {
    const { path } = testFolder();
    const amounts = "SELECT Amount, Currency, Amount / 1 AS computed FROM Charge ORDER BY Id LIMIT 1";
    const sums = "SELECT sum(Amount) AS total FROM Charge GROUP BY Currency ORDER BY 1 LIMIT 1";
    const run = await runProgram(["--format", "jsonl", "-c", amounts, "-c", "\\money on", "-c", amounts, "-c", sums], {
      environment: { XDG_CACHE_HOME: path },
    });
    const [minor = "", told, major = "", left = ""] = run.output.trim().split("\n");
    const { Amount, Currency, computed } = JSON.parse(minor) as { Amount: number; Currency: string; computed: number };
    const digits = Currency === "jpy" ? 0 : 2;
    expect(told).toBe("Money is on.");
    expect(major).toBe(
      `{"Amount":${(Amount / 10 ** digits).toFixed(digits)},"Currency":"${Currency}","computed":${computed}}`,
    );
    expect(JSON.parse(left)).toEqual({ total: expect.any(Number) });
    expect(left).not.toContain(".");
  });

  it("writes a file whole, or not at all", async () => {
    const file = join(folder, "customers.json");
    const sql = "SELECT Id, Created FROM Customer ORDER BY Created LIMIT 3";
    expect(await runProgram(["-c", sql, "--format", "json", "-o", file])).toEqual({
      status: 0,
      output: "",
      errors: "",
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(3);
    const failed = await runProgram(["-c", `${sql}; SELECT nothing`, "--format", "json", "-o", file]);
    expect(failed.status).toBe(1);
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(3);
    expect(readdirSync(folder)).toEqual(["customers.json"]);
  });

  it("writes charts as pictures, with text on a machine without fonts too", async () => {
    const { path } = testFolder();
    const months = "SELECT month, mrr, currency FROM metrics.mrr";
    const svg = await runProgram(["-c", months, "--format", "svg", "--plot", "line month mrr by currency"]);
    expect(svg).toMatchObject({ status: 0, errors: "" });
    expect(svg.output).toMatch(/^<svg .*2026-01.*<\/svg>\n$/s);
    const file = join(path, "mrr.png");
    const environment = { FONTCONFIG_FILE: "/nowhere", FONTCONFIG_PATH: "/nowhere" };
    const png = await runProgram(["-c", months, "--format", "png", "-o", file], { environment });
    expect(png).toEqual({ status: 0, output: "", errors: "" });
    expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
    const bare = await runProgram(["-c", "SELECT 1 AS a, 1 AS b", "--format", "png", "-o", join(path, "bare.png")]);
    expect(bare.status).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(2 * statSync(join(path, "bare.png")).size);
  });

  it("draws charts as text, from scripts with commands too", async () => {
    const sql = "SELECT 'a' AS plan, 3 AS n UNION ALL SELECT 'b', 1 ORDER BY 1";
    const option = await runProgram(["-c", sql, "--plot", "bar plan n"]);
    expect(option).toMatchObject({ status: 0, errors: "" });
    expect(option.output).toMatch(/^n by plan\n\na │█+ 3\nb │█+.? 1\n$/);
    const command = await runProgram(["-c", `${sql} \\plot bar plan n`]);
    expect(command).toEqual(option);
    expect(await runProgram(["-c", `${sql} \\plot`, "--plot", "bar"])).toMatchObject({
      ...{ status: 2, errors: expect.stringContaining("ERROR:  --plot goes with statements alone\n") },
    });
  });

  it("writes a workbook", async () => {
    const file = join(testFolder().path, "prices.xlsx");
    const run = await runProgram(["-c", "SELECT Id, Created FROM Product", "--format", "xlsx", "-o", file]);
    expect(run).toEqual({ status: 0, output: "", errors: "" });
    expect(readFileSync(file).subarray(0, 2).toString()).toBe("PK");
  });

  it("writes Parquet", async () => {
    const file = join(folder, "prices.parquet");
    const run = await runProgram([
      "-c",
      "SELECT Id, UnitAmount FROM Price WHERE Active",
      "--format",
      "parquet",
      "-o",
      file,
    ]);
    expect(run).toEqual({ status: 0, output: "", errors: "" });
    expect(readFileSync(file).subarray(0, 4).toString()).toBe("PAR1");
    rmSync(file);
  });

  it("ends quietly where its reader has seen enough", async () => {
    const script = 'set -o pipefail; $PROGRAM -c "SELECT * FROM Event, range(100)" --format csv | head -n 1';
    const run = await runShell(script);
    expect(run).toMatchObject({ status: 0, errors: "" });
    expect(run.output).toMatch(/^Id,[^\n]*\r\n$/);
  });

  it("reads the account of its connection properties", async () => {
    const run = await runProgram(["-c", "DELETE FROM Customer WHERE Id = 'cus_x'", "--set", "ReadOnly=true"]);
    expect(run.status).toBe(1);
    expect(run.errors).toContain("SQLSTATE:  25006");
  });

  it.each(["SIGHUP", "SIGTERM", "SIGINT"] as const)(
    "told to end by %s in a bulk write says what was written",
    async (signal) => {
      const sandbox = await startSandbox({ customers: 1 });
      try {
        const values = Array.from({ length: 40 }, (_, index) => `('n${index}')`).join(", ");
        const args = [
          "--set",
          `ApiBase=${sandbox.url}`,
          "-c",
          `INSERT INTO Customer (Name) VALUES ${values}`,
          "-c",
          "SELECT 1",
        ];
        const posts = () => sandbox.requests.entries.filter(({ method }) => method === "POST").length;
        const run = await runProgram(args, {
          environment: { STRIPE_API_KEY: sandbox.apiKey },
          started: (child) => {
            const waiting = setInterval(() => {
              if (posts() < 3) return;
              clearInterval(waiting);
              child.kill(signal);
            }, 1);
          },
        });
        const written = sandbox.requests.entries.filter(
          ({ method, status }) => method === "POST" && status === 200,
        ).length;
        expect(run.status).not.toBe(0);
        expect(run.errors).toMatch(/^WRITTEN: {2}\d+ of 40 objects: \w+(, \w+)+$/m);
        const ids = /objects: (.*)$/m.exec(run.errors)?.[1]?.split(", ") ?? [];
        expect(ids.length + (run.errors.includes("IN DOUBT:") ? 1 : 0)).toBeGreaterThanOrEqual(written);
        expect(run.errors).toMatch(/^NOT TRIED: {2}call \d+: a new object$/m);
        expect(run.errors).toMatch(/^NOTICE: {2}write w-\w+ is unfinished: \d+ written, .*RESUME WRITE 'w-\w+'/m);
        expect(run.errors).toContain("NOT RUN:  1 statement, from: SELECT 1");
      } finally {
        await sandbox.close();
      }
    },
  );

  it("serves the sandbox until it is told to end", async () => {
    const run = await runProgram(["sandbox", "--port", "0", "--customers", "5"], {
      started: (child) => child.stdout?.once("data", () => child.kill("SIGINT")),
    });
    expect(run).toMatchObject({ status: 0, errors: "" });
    expect(run.output).toMatch(/^Stripe sandbox on http:\/\/127\.0\.0\.1:\d+, key sk_test_sandbox\n/);
  });
});

describe("connection files", () => {
  const sandbox = "name: stripe-eu\nlocation: europe-west1\nsandbox: {customers: 3}\n";
  const broken = "name: stripe-us\napi_base: http://127.0.0.1:1\n";
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it("are used as --connection, and options beside go before", async () => {
    const file = write("eu.yaml", sandbox);
    const sql = "SELECT count(*) AS n FROM Customer";
    const csv = ["--format", "csv", "--connection", file, "-c"];
    expect(await runProgram([...csv, sql])).toEqual({ status: 0, output: "n\r\n3\r\n", errors: "" });
    const refused = await runProgram([...csv, "DELETE FROM Customer WHERE Id = 'x'", "--set", "ReadOnly=true"]);
    expect(refused).toMatchObject({ status: 1, errors: expect.stringContaining("SQLSTATE:  25006") });
    const us = write("us.yaml", broken);
    expect((await runProgram(["--connection", us, "--sandbox", "-c", "SELECT 1 AS one"])).status).toBe(0);
  });

  it("are checked: status 0 where all are active", async () => {
    const file = write("eu.yaml", sandbox);
    expect(await runProgram(["connection", "check", file])).toEqual({
      status: 0,
      output: [
        `stripe-eu in europe-west1 (${file})`,
        "  Readiness  READY",
        "  Status     ACTIVE",
        "             Stripe answered for account acct_sandbox, in sandbox mode.",
        "",
      ].join("\n"),
      errors: "",
    });
  });

  it("are checked: status 1 where one is not, and JSON where it is asked for", async () => {
    const file = write("both.yaml", `${sandbox}---\n${broken}`);
    const run = await runProgram(["connection", "check", file, "--format", "json"]);
    expect(run).toMatchObject({ status: 1, errors: "" });
    expect(JSON.parse(run.output)).toEqual([
      {
        file,
        name: "stripe-eu",
        location: "europe-west1",
        readiness: "READY",
        status: { state: "ACTIVE", description: "Stripe answered for account acct_sandbox, in sandbox mode." },
      },
      {
        file,
        name: "stripe-us",
        location: null,
        readiness: "NOT_READY",
        status: { state: "ERROR", description: expect.stringMatching(/^Could not reach Stripe\./) },
      },
    ]);
  });

  it("are checked: the good ones of several in spite of a wrong one, with status 2", async () => {
    const run = await runProgram(["connection", "check", join(folder, "none.yaml"), write("eu.yaml", sandbox)]);
    expect(run).toMatchObject({ status: 2, errors: expect.stringContaining("none.yaml does not exist") });
    expect(run.output).toContain("Status     ACTIVE");
  });

  it("have their secrets read over TLS, by the service account of a key file", async () => {
    const certificate = selfSignedCertificate("localhost");
    const secretName = "projects/shop/secrets/stripe-key/versions/latest";
    const secrets = await startSecretServer(certificate);
    secrets.set(secretName, "sk_test_behindTls");
    const stripe = await startScriptedServer(() => json({ id: "acct_1", object: "account" }));
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const account = {
      type: "service_account",
      client_email: "reader@shop.iam.gserviceaccount.com",
      project_id: "shop",
    };
    const private_key = privateKey.export({ type: "pkcs8", format: "pem" });
    write("reader.json", JSON.stringify({ ...account, private_key }));
    const lines = [
      "name: stripe-eu",
      `service_account: ${account.client_email}`,
      `auth_config: {api_key: {secret_version: ${secretName}}}`,
      `api_base: ${stripe.url}`,
      `secret_manager: {endpoint: "${secrets.endpoint}", key_file: reader.json}`,
    ];
    const check = ["connection", "check", write("tls.yaml", lines.join("\n"))];
    const trusting = { environment: { NODE_EXTRA_CA_CERTS: write("roots.pem", certificate.cert) } };
    expect(await runProgram(check, trusting)).toMatchObject({ status: 0, errors: "" });
    expect(secrets.authorizations).toEqual([expect.stringMatching(/^Bearer ey/)]);
    expect(stripe.requests[0]?.headers.authorization).toBe("Bearer sk_test_behindTls");
    const untrusting = await runProgram(check);
    expect(untrusting).toMatchObject({ status: 1, output: expect.stringContaining("Could not reach Secret Manager.") });
    await stripe.close();
  });

  it("have a JSON Schema", async () => {
    const run = await runProgram(["connection", "schema"]);
    expect(run).toMatchObject({ status: 0, errors: "" });
    expect(JSON.parse(run.output)).toMatchObject({ title: "Connection file of stripe-sql", type: "object" });
  });
});

describe("a time zone", () => {
  const sql = "SELECT TIMESTAMPTZ '2026-11-10' AS moment";

  it("is the connection's, until a script sets another", async () => {
    const run = await runProgram(["-c", `${sql}; SET TimeZone = 'Asia/Kathmandu'; ${sql}`, "--set", "TimeZone=-8"]);
    expect(run.output).toContain(" 2026-11-10 00:00:00-08\n");
    expect(run.output).toContain(" 2026-11-10 00:00:00+05:45\n");
    expect(run.status).toBe(0);
  });

  it.each([
    ["csv", "moment\r\n2026-11-10T00:00:00-08:00\r\n"],
    ["json", '[\n{"moment":"2026-11-10T00:00:00-08:00"}\n]\n'],
    ["jsonl", '{"moment":"2026-11-10T00:00:00-08:00"}\n'],
    ["markdown", "2026-11-10 00:00:00-08"],
  ])("shows its offset in %s", async (format, shown) => {
    const run = await runProgram(["-c", sql, "--format", format, "--set", "TimeZone=America/Los_Angeles"]);
    expect(run.output).toContain(shown);
  });

  it("leaves Parquet's instants what they are", async () => {
    const file = join(folder, "zoned.parquet");
    await runProgram(["-c", sql, "--format", "parquet", "-o", file, "--set", "TimeZone=Asia/Kathmandu"]);
    const run = await runProgram([
      "-c",
      `SELECT epoch(moment) AS seconds FROM read_parquet('${file}')`,
      "--format",
      "csv",
    ]);
    expect(run.output).toBe(`seconds\r\n${Date.UTC(2026, 10, 9, 18, 15) / 1000}\r\n`);
  });
});
