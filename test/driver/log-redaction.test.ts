import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Connection, ConnectOptions, Parameters } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { ensureBuilt, runProgram } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";
import { json, refusal } from "../support/scripted-client.js";
import type { ScriptedServer } from "../support/scripted-server.js";
import { startScriptedServer } from "../support/scripted-server.js";

// Planted as parts, so that no text of this file is a key.
const key = ["sk", "test", "plantedKey0123456789"].join("_");
const otherKey = ["rk", "live", "plantedOther0123456789"].join("_");
const clientSecret = ["pi_1", "secret", "plantedClient01"].join("_");
const checkoutSecret = `${["cs_test_a1", "secret", "fidPlanted"].join("_")}%2FtailPlanted`;
const card = "4242424242424242";
const spacedCard = "4000 0566 5566 5556";
const amex = "3782 822463 10005";
const cvc = "91827";
const password = "plantedPassword";
const account = "000123456789";
const proxyUser = "squid";
/** With whatever is written in another way in SQL, JSON, URLs and Base64. */
const proxyPassword = `plantedProxy'pa"ss+w/ö rd`;
const storePassword = "plantedStore/1";
/** BASIC's, with the password at each offset that Base64 tells apart. */
const basic = ["", "a", "ab"].map((start) => Buffer.from(`${start}${proxyUser}:${proxyPassword}`).toString("base64"));

const planted = [
  "plantedKey",
  "plantedOther",
  "plantedClient",
  "fidPlanted",
  "tailPlanted",
  card,
  spacedCard,
  amex,
  cvc,
  password,
  account,
  "plantedProxy",
  "plantedStore",
  // What the password alone decides of each.
  ...basic.map((text) => text.slice(12, -4)),
];

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

/** Everything that a server may say back, secrets included. */
const answer = {
  id: "pi_1",
  object: "payment_intent",
  livemode: false,
  client_secret: clientSecret,
  secret: "plantedOther-webhook",
  description: `paid with ${card} by ${otherKey}`,
  next_action: { redirect_to_url: { url: `https://example.com/?payment_intent_client_secret=${clientSecret}` } },
  card: { number: Number(card), cvc, exp_year: 2030 },
  bank_account: { account_number: account, last4: "6789" },
  metadata: { note: JSON.stringify({ cvc, password }), [`of ${otherKey}`]: spacedCard },
  checkout: checkoutSecret,
  proxied: `by ${proxyUser}:${proxyPassword}, that is Basic ${basic[0]}`,
};

async function start(options: ConnectOptions = {}): Promise<{
  readonly connection: Connection;
  readonly server: ScriptedServer;
  readonly run: (sql: string, parameters?: Parameters) => Promise<void>;
  readonly log: () => string;
}> {
  const logFile = join(testFolder().path, "all.log");
  const server = await startScriptedServer(({ method, path }) =>
    method === "GET" && !path.includes("_")
      ? json({ object: "list", data: [answer], has_more: false, url: path })
      : json(answer),
  );
  const proxy = { ...proxyOf(server), proxyPassword };
  const connection = await connect({ apiKey: key, apiBase: server.url, logFile, verbosity: 5, ...proxy, ...options });
  open.push(connection, server);
  return {
    connection,
    server,
    // How a statement ends is no matter here: the log is.
    run: async (sql, parameters) => void (await connection.query(sql, parameters).catch(() => undefined)),
    log: () => readFileSync(logFile, "utf8"),
  };
}

/** The server is its own proxy: it answers what is forwarded to it as what is sent to it. */
function proxyOf({ url }: ScriptedServer): ConnectOptions {
  const { hostname: proxyHost, port } = new URL(url);
  return { proxyEnabled: true, proxyHost, proxyPort: Number(port), proxyAuthScheme: "BASIC", proxyUser };
}

function expectClean(log: string): void {
  const lines = log.split("\n");
  const found = planted.flatMap((secret) => lines.filter((line) => holds(line, secret)).map((line) => [secret, line]));
  expect(found.slice(0, 3)).toEqual([]);
}

/** The digits of a security code may be those within a time that was measured. */
function holds(line: string, secret: string): boolean {
  return secret === cvc ? new RegExp(`(?<![\\d.])${cvc}(?!\\d)`).test(line) : line.includes(secret);
}

test("no secret of a condition is logged", async () => {
  const { run, log } = await start();
  for (const secret of [key, otherKey, clientSecret, checkoutSecret, card, spacedCard, amex]) {
    await run(`SELECT Id FROM Customer WHERE Email = '${secret}' AND Name LIKE '%${secret}%'`);
    await run(`SELECT * FROM Customer WHERE Id = '${secret}'`);
  }
  await run(`SELECT Id FROM PaymentMethod WHERE CardCvc = '${cvc}'`);
  await run(`SELECT Id FROM Customer WHERE Metadata->>'password' = '${password}'`);
  expect(log().split("\n").length).toBeGreaterThan(30);
  expectClean(log());
});

test("no secret of what is written or called is logged, wherever it stands", async () => {
  const { run, server, log } = await start();
  const cardJson = JSON.stringify({ number: card, cvc, exp_month: 1, exp_year: 2030 });
  await run(`INSERT INTO PaymentMethod (Type, Card) VALUES ('card', '${cardJson}')`);
  await run(`INSERT INTO PaymentMethod (Type, CardNumber, CardCvc) VALUES ('card', '${card}', ${cvc})`);
  await run(`INSERT INTO Customer (Name, Description) VALUES ('${otherKey}', '${amex}') RETURNING *`);
  await run(`UPDATE Customer SET Metadata = '${JSON.stringify({ password })}' WHERE Id = 'cus_1'`);
  await run(
    `EXEC ConfirmPaymentIntent PaymentIntentId = 'pi_1', PaymentMethodData = '${JSON.stringify({ type: "card", card: { number: card, cvc } })}'`,
  );
  expect(server.requests.map(({ body }) => body).join()).toContain(cvc);
  expect(log()).toContain('"cvc"'.slice(1, -1));
  expectClean(log());
});

test("no secret of a parameter is logged", async () => {
  const { run, log } = await start();
  await run("SELECT Id FROM Customer WHERE Email = ? OR Name = ?", [clientSecret, card]);
  await run("SELECT ? AS a, ? AS b", [Number(card), BigInt(card)]);
  await run("INSERT INTO PaymentMethod (Type, Card) VALUES ('card', @card)", {
    card: { number: card, cvc, exp_month: 1, exp_year: 2030 },
  });
  await run("INSERT INTO PaymentMethod (Type, CardCvc) VALUES (?, ?)", ["card", cvc]);
  expectClean(log());
});

test("no secret of a statement that cannot be read is logged", async () => {
  const { run, log } = await start();
  await run(`INSERT INTO PaymentMethod (CardCvc) VALUES ('${cvc}`);
  await run(`SELEC CardCvc = ${cvc} FROM`);
  await run(`SELECT 1 -- the cvc is ${cvc}`);
  await run(`SELECT CAST('${cvc}x' AS BIGINT) AS Cvc`);
  expect(log()).toContain("statement failed");
  expectClean(log());
});

test("no secret of an answer is logged, whether it is an object or an error", async () => {
  const { run, server, log } = await start();
  await run("SELECT * FROM PaymentIntent");
  await run("SELECT * FROM PaymentIntent WHERE Id = 'pi_1'");
  expect(server.requests).toHaveLength(2);
  expect(log()).toContain("answer message");
  expectClean(log());
});

test("no password of a proxy or a store is logged, wherever it stands and however it is spelled", async () => {
  const rateStore = `redis://u:${encodeURIComponent(storePassword)}@127.0.0.1:1`;
  const { run, log } = await start({ proxyPassword, rateStore });
  const url = `http://${proxyUser}:${encodeURIComponent(proxyPassword)}@proxy.example`;
  for (const text of [proxyPassword, ...basic, ...basic.map((one) => `Basic ${one}`), url, storePassword, rateStore]) {
    const literal = `'${text.replaceAll("'", "''")}'`;
    await run(`SELECT Id FROM Customer WHERE Email = ${literal} AND Name LIKE ${literal}`);
    await run(`SELECT CAST(${literal} AS BIGINT) AS Cause -- for ${literal}`);
    await run(`SELEC ${text}`);
    await run(
      `UPDATE Customer SET Metadata = '${JSON.stringify({ note: text }).replaceAll("'", "''")}' WHERE Id = 'cus_1'`,
    );
    await run("INSERT INTO Customer (Name, Metadata) VALUES (?, ?)", [text, { [text]: [text] }]);
  }
  expect(log()).toContain('"ProxyPassword":"***"');
  expect(log()).toContain("statement failed");
  expectClean(log());
});

test("a proxy's password that the environment holds is not logged either", async () => {
  process.env["PLANTED_PROXY_PASSWORD"] = proxyPassword;
  const { run, log } = await start({ proxyPassword: { env: "PLANTED_PROXY_PASSWORD" } });
  delete process.env["PLANTED_PROXY_PASSWORD"];
  await run("SELECT Id FROM Customer WHERE Email = ?", [proxyPassword]);
  await run("SELECT * FROM PaymentIntent");
  expect(log()).toContain('"ProxyPassword":"***"');
  expectClean(log());
});

test("no secret comes to standard error, from the log or from an error that is printed", async () => {
  const server = await startScriptedServer(({ method }) =>
    method === "GET"
      ? json({ object: "list", data: [answer], has_more: false, url: "/v1/customers" })
      : refusal(402, { type: "card_error", code: "card_declined", message: `No ${key}, ${card}, ${clientSecret}` }),
  );
  open.push(server);
  const script = [
    `SELECT Id FROM Customer WHERE Email IN ('${otherKey}', '${card}', '${amex}', '${clientSecret}')`,
    `INSERT INTO PaymentMethod (Type, Card) VALUES ('card', '${JSON.stringify({ number: card, cvc })}')`,
    `SELECT Emial, '${otherKey}' FROM Customer WHERE Name = '${spacedCard}'`,
    `SELECT CAST('${otherKey}' AS BIGINT)`,
    `SELEC '${clientSecret}'`,
  ];
  const file = [
    "name: planted",
    `api_base: ${server.url}`,
    "auth_config: {api_key: {env: PLANTED_KEY}}",
    "verbosity: 5",
    `proxy: {host: 127.0.0.1, port: ${new URL(server.url).port}, auth_scheme: BASIC, user: ${proxyUser}, password: {env: PLANTED_PASSWORD}}`,
  ];
  const folder = testFolder();
  const path = folder.write("planted.yaml", file.join("\n"));
  const output = join(folder.path, "rows");
  const environment = { PLANTED_KEY: key, PLANTED_PASSWORD: proxyPassword };
  ensureBuilt();
  for (const sql of script) {
    const { errors } = await runProgram(["--connection", path, "-c", sql, "-o", output], { environment });
    expect(errors).toContain('"msg":"connection"');
    expectClean(errors);
  }
  const check = await runProgram(["connection", "check", path], { environment });
  expectClean(`${check.output}${check.errors}`);
});

test("a key of a form that nothing recognises is taken out as it is", async () => {
  const opaque = "Opaque.Planted.Key";
  const { run, log } = await start({ apiKey: opaque });
  await run(`SELECT Id FROM Customer WHERE Email = '${opaque}'`);
  expect(log()).toContain("***");
  expect(log()).not.toContain(opaque);
});

test("what is no secret stays in the log", async () => {
  const { run, log } = await start();
  await run("SELECT Id FROM Customer WHERE Email = 'ada@example.com' AND Balance > 1700000000000");
  expect(log()).toContain("ada@example.com");
  expect(log()).toContain("1700000000000");
  expect(log()).toContain('"exp_year":2030');
  expect(log()).toContain('"last4":"6789"');
});
