import fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpApi } from "../../../src/connector/http/open-http-api.js";
import { openHttpApi } from "../../../src/connector/http/open-http-api.js";
import type { RawAnswer } from "./raw-exchange.js";
import { rawExchange, rawRequest } from "./raw-exchange.js";
import { connectionPath, failureOf, token } from "./running-api.js";
import { serve } from "./served-connector.js";
import type { TableConnector } from "./table-connector.js";
import { tableConnector } from "./table-connector.js";

const bodyLimitBytes = 16 * 1024;
const secrets = [
  ["sk", "live", "dummyOfMalformedInput"].join("_"),
  "4242424242424242",
  "pi_1_secret_YEfjrYL5uHQZrGCx66cJbedlA",
  "whsec_Zm9vYmFy",
];
const [key = ""] = secrets;

const entities = `${connectionPath}/entityTypes/Customer/entities`;
const writingRoutes = [
  ["POST", entities],
  ["PATCH", `${entities}/cus_1`],
  ["POST", `${entities}:updateEntitiesWithConditions`],
  ["POST", `${entities}:deleteEntitiesWithConditions`],
  ["POST", `${connectionPath}/actions/ConfirmPaymentIntent:execute`],
  ["POST", `${connectionPath}:executeSqlQuery`],
  ["POST", `${connectionPath}/tools/get_Customer:execute`],
] as const;

const authorized = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const withBody = (method: string, path: string, body: Uint8Array) =>
  rawRequest(method, path, { headers: authorized, body });
const withoutBody = (method: string, path: string) =>
  rawRequest(method, path, { headers: { authorization: `Bearer ${token}` } });

/** Objects with a secret somewhere, cut short: no part of an object is JSON. */
const cutBody = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
    fc.constantFrom(...secrets),
    fc.double({ min: 0, max: 0.99, noNaN: true }),
  )
  .map(([object, secret, share]) => {
    const whole = JSON.stringify({ ...object, fields: { Name: secret } });
    return Buffer.from(whole.slice(0, Math.max(1, Math.floor(whole.length * share))));
  });

/** JSON of any shape but the one that is asked for. */
const strangeBody = fc
  .tuple(fc.jsonValue(), fc.constantFrom(...secrets))
  .map(([value, secret]) => Buffer.from(JSON.stringify({ [secret]: value, value: secret })));

const noObject = fc
  .oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.jsonValue()))
  .map((value) => {
    return Buffer.from(JSON.stringify(value));
  });

/** Bytes that are no UTF-8, within a text that else were JSON. */
const noText = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => {
  return Buffer.concat([Buffer.from('{"fields":{"Name":"'), bytes, Buffer.from([0xff]), Buffer.from('"}}')]);
});

/** Names and values that a lenient reader would let change the meaning of others. */
const trickyBody = fc
  .constantFrom(
    '{"__proto__":{"fields":{}},"fields":{}}',
    '{"fields":{"__proto__":{"admin":true}}}',
    '{"fields":{"\\u005f_proto__":{}}}',
    '{"fields":{"Name":"a"},"fields":{"Name":"b"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"fields":{"Name":"\\ud800"}}',
    '{"fields":{"Name":"a\u0000b"}}',
    '{"fields":{"Name":"a\nb"}}',
    "{'fields':{}}",
    '{"fields":{},}',
    '{"fields":{}}{}',
    '{"fields":{/**/}}',
    '{"fields":NaN}',
    '{"fields":01}',
    "\ufeff\ufeff{}",
    `${'{"fields":'.repeat(500)}1${"}".repeat(500)}`,
    `${"[".repeat(7000)}${"]".repeat(7000)}`,
  )
  .map((text) => Buffer.from(text));

const badBody = fc
  .tuple(fc.constantFrom(...writingRoutes), fc.oneof(cutBody, strangeBody, noObject, noText, trickyBody))
  .map(([[method, path], body]) => withBody(method, path, body));

/** A word that is none of those that a path may hold. */
const word = fc.string({ minLength: 1, maxLength: 30 }).map((text) => `x${encodeURIComponent(text)}`);
const badEscape = fc.constantFrom("%", "%2", "%zz", "%c0%af", "%ff", "%ed%a0%80", "%e2%28%a1");

const badPath = fc
  .tuple(
    fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD1"),
    fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => `/${words.join("/")}`),
      fc
        .tuple(word, word)
        .map(([location, connection]) => `/v2/projects/p/locations/${location}/connections/${connection}:checkStatus`),
      word.map((connection) => `/v2/projects/p/locations/europe-west1/connections/${connection}/entityTypes`),
      word.map((verb) => `${connectionPath}:${verb}`),
      word.map((verb) => `${entities}:${verb}`),
      word.map((collection) => `${connectionPath}/${collection}`),
      word.map((type) => `${connectionPath}/entityTypes/${type}`),
      word.map((type) => `${connectionPath}/entityTypes/${type}/entities`),
      word.map((action) => `${connectionPath}/actions/${action}`),
      word.map((id) => `${entities}/${id}`),
      fc.tuple(badEscape, fc.constantFrom(...secrets)).map(([percent, secret]) => `${entities}/${secret}${percent}`),
      badEscape.map((percent) => `${connectionPath}${percent}:checkStatus`),
      fc.constantFrom(
        "/../etc/passwd",
        "//v2",
        "/v2/",
        "/healthz/",
        "/%2e%2e/metrics",
        "/METRICS",
        "*",
        "/v2/projects",
      ),
    ),
  )
  .map(([method, path]) => withoutBody(method, path));

const badQuery = fc
  .oneof(
    fc.tuple(word, fc.constantFrom(...secrets)).map(([name, secret]) => `${name}=${secret}`),
    fc.constantFrom(...secrets).map((secret) => `${secret}=1`),
    fc
      .string({ minLength: 1 })
      .filter((text) => !/^\s*\d*\s*$/.test(text))
      .map((text) => `pageSize=${encodeURIComponent(text)}`),
    fc.integer({ min: 201 }).map((size) => `pageSize=${size}`),
    fc.integer({ max: -1 }).map((size) => `pageSize=${size}`),
    fc.constantFrom(...secrets).map((secret) => `conditions=${encodeURIComponent(`${secret}; DROP`)}`),
    fc.constantFrom(...secrets).map((secret) => `pageToken=${secret}`),
    badEscape.map((percent) => `conditions=${percent}`),
    badEscape.map((percent) => `${percent}=1`),
    fc.constantFrom(
      "sortOrder=ASC",
      "sortBy=Name&sortOrder=",
      "alt=xml",
      "key=1",
      "__proto__=1",
      "pageSize=1&pageSize=1",
    ),
  )
  .map((query) => withoutBody("GET", `${entities}?${query}`));

const badToken = fc
  .tuple(
    fc.constantFrom(...writingRoutes),
    fc.oneof(
      fc.constantFrom(
        "",
        "Bearer",
        `Bearer ${token.slice(1)}`,
        `Bearer ${token}x`,
        `bearer ${token.toUpperCase()}`,
        `Basic ${token}`,
        token,
      ),
      fc.stringMatching(/^[\x21-\x7e ]{0,60}$/),
      fc.stringMatching(/^[\x21-\x7e]{1,60}$/).map((text) => `Bearer ${text}`),
      fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => {
        return `Bearer ${Buffer.from(bytes.filter((byte) => byte > 0x7f)).toString("latin1")}`;
      }),
    ),
  )
  .map(([[method, path], authorization]) => {
    const body = Buffer.from(JSON.stringify({ fields: { Name: key } }));
    return rawRequest(method, path, { headers: { ...authorized, authorization }, body });
  });

type Oversize = (method: string, path: string, more: number) => Buffer;

const oversizes: readonly Oversize[] = [
  (method, path, more) =>
    withBody(method, path, Buffer.from(`{"fields":{"Name":"${"a".repeat(bodyLimitBytes + more)}"}}`)),
  // The same in chunks, of which no header tells the length.
  (method, path, more) => {
    const head = rawRequest(method, path, { headers: authorized }).toString("latin1");
    const length = bodyLimitBytes + more;
    const chunk = `${length.toString(16)}\r\n${" ".repeat(length)}\r\n`;
    return Buffer.from(`${head.replace("content-length: 0", "transfer-encoding: chunked")}${chunk}0\r\n\r\n`);
  },
  (_method, _path, more) => withoutBody("GET", `${entities}?pageToken=${"a".repeat(70_000 + more)}`),
  (method, path, more) => {
    return rawRequest(method, path, { headers: { ...authorized, "x-long": "a".repeat(70_000 + more) } });
  },
  (method, path) => {
    const many = Array.from({ length: 5000 }, (_, index) => [`x-${index}`, key]);
    return rawRequest(method, path, { headers: { ...authorized, ...Object.fromEntries(many) } });
  },
];

const tooLarge = fc
  .tuple(fc.constantFrom(...writingRoutes), fc.constantFrom(...oversizes), fc.integer({ min: 1, max: 5000 }))
  .map(([[method, path], oversize, more]) => oversize(method, path, more));

const notHttp = fc
  .tuple(fc.constantFrom(0, 1, 0x16, 0x7f, 0x80, 0xff, 0x3c, 0x7b), fc.uint8Array({ maxLength: 200 }))
  .map(([first, rest]) => Buffer.from([first, ...rest]));

describe("malformed input", () => {
  let connector: TableConnector;
  let api: HttpApi;
  let port = 0;
  const lines: string[] = [];
  beforeAll(async () => {
    connector = tableConnector();
    await connector.createEntity({ entity: "Customer", connectorInputPayload: { Name: "Ann" } });
    const logger = pino({ level: "trace" }, { write: (line: string) => lines.push(line) });
    api = await openHttpApi({ connections: [serve(connector)], token, bodyLimitBytes, log: logger });
    ({ port } = await api.listen({ host: "127.0.0.1", port: 0 }));
  });
  afterAll(() => api.close());

  /** Sends it, and holds the answer against what is due to whatever is sent. */
  async function refusal(request: string | Uint8Array): Promise<RawAnswer> {
    const answer = await rawExchange(port, request);
    const shown = Buffer.from(request).toString("latin1").slice(0, 500);
    if (answer === undefined) throw new Error(`no answer to ${shown}`);
    if (answer.status < 400 || answer.status > 499) throw new Error(`${answer.status} for ${shown}`);
    if (!shown.startsWith("HEAD ")) failureOf(answer);
    for (const secret of [...secrets, token]) {
      if (answer.text.includes(secret)) throw new Error(`${secret} in ${answer.text}`);
    }
    return answer;
  }

  it.each([
    ["bodies", badBody, 150],
    ["paths", badPath, 120],
    ["queries", badQuery, 80],
    ["tokens", badToken, 80],
    ["oversized inputs", tooLarge, 50],
    ["bytes that are no HTTP", notHttp, 40],
  ] as const)("of %s is refused with a google.rpc body, and changes nothing", async (_, requests, count) => {
    for (const request of fc.sample<Uint8Array>(requests, { numRuns: count, seed: 20_261_124 })) await refusal(request);
    expect(connector.writes()).toBe(1);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  const head = `POST ${entities} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const body = '{"fields":{"Name":"Ann"}}';
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

  it.each([
    ["a method that there is not", "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"],
    ["a version that there is not", `GET ${entities} HTTP/9.9\r\nHost: a\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["no version", `GET ${entities}\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "MALFORMED_HTTP"],
    ["TLS", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", 400, "MALFORMED_HTTP"],
    ["no host", `GET ${entities} HTTP/1.1\r\nConnection: close\r\n\r\n`, 400, "MALFORMED_HTTP"],
    [
      "two Host headers",
      `GET ${entities} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      400,
      "MALFORMED_HTTP",
    ],
    [
      "two Authorization headers",
      `GET ${entities} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nauthorization: Bearer x\r\n\r\n`,
      400,
      "MALFORMED_HTTP",
    ],
    // What comes after two thousand headers was left out, and so was the second.
    [
      "a second Authorization header behind 3,000 others",
      `GET ${entities} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n${"a: b\r\n".repeat(3000)}authorization: Bearer x\r\n\r\n`,
      400,
      "MALFORMED_HTTP",
    ],
    ["a space before a header's colon", `GET /metrics HTTP/1.1\r\nHost : a\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["a line break in a header", `GET /metrics HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["two lengths", `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, "MALFORMED_HTTP"],
    ["a negative length", `${head}Content-Length: -2\r\n\r\n{}`, 400, "MALFORMED_HTTP"],
    ["a length that is no number", `${head}Content-Length: 2a\r\n\r\n{}`, 400, "MALFORMED_HTTP"],
    [
      "a length and chunks",
      `${head}Content-Length: 25\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
      400,
      "MALFORMED_HTTP",
    ],
    ["a chunk's length that is no number", `${chunked}zz\r\n${body}\r\n0\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["a chunk that is longer than it says", `${chunked}2\r\n${body}\r\n0\r\n\r\n`, 400, "MALFORMED_HTTP"],
    ["a proxy's method", "CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "METHOD_NOT_ALLOWED"],
    ["another expectation", `${head}Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}`, 417, "EXPECTATION_FAILED"],
    [
      "no content type",
      `${head.replace(/Content-Type.*\r\n/, "")}Content-Length: 25\r\n\r\n${body}`,
      415,
      "UNSUPPORTED_CONTENT_TYPE",
    ],
    [
      "a form",
      `${head.replace("application/json", "application/x-www-form-urlencoded")}Content-Length: 3\r\n\r\na=b`,
      415,
      "UNSUPPORTED_CONTENT_TYPE",
    ],
    [
      "a content type that is none",
      `${head.replace("application/json", ";;;")}Content-Length: 25\r\n\r\n${body}`,
      415,
      "UNSUPPORTED_CONTENT_TYPE",
    ],
    [
      "another character set",
      `${head.replace("application/json", "application/json; charset=utf-16")}Content-Length: 25\r\n\r\n${body}`,
      415,
      "UNSUPPORTED_ENCODING",
    ],
    [
      "a compressed body",
      `${head}Content-Encoding: gzip\r\nContent-Length: 25\r\n\r\n${body}`,
      415,
      "UNSUPPORTED_ENCODING",
    ],
    [
      "headers of 70 kB",
      `GET /metrics HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(70_000)}\r\n\r\n`,
      431,
      "HEADERS_TOO_LARGE",
    ],
    ["a URL of 70 kB", `GET /${"a".repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, "HEADERS_TOO_LARGE"],
    [
      "a path that is not encoded",
      `GET /healthz/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      400,
      "MALFORMED_URL",
    ],
  ])("is refused: %s", async (_, request, status, reason) => {
    const answer = await refusal(Buffer.from(request, "latin1"));
    expect(failureOf(answer)).toMatchObject({ status, reason });
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(connector.writes()).toBe(1);
  });

  it.each([
    ["DELETE", "/healthz", "GET, HEAD, OPTIONS"],
    ["POST", "/metrics", "GET, HEAD, OPTIONS"],
    ["GET", `${connectionPath}:executeSqlQuery`, "OPTIONS, POST"],
    ["HEAD", `${connectionPath}:executeSqlQuery`, "OPTIONS, POST"],
    ["PUT", `${entities}/cus_1`, "DELETE, GET, HEAD, OPTIONS, PATCH"],
    ["TRACE", `${entities}/cus_1`, "DELETE, GET, HEAD, OPTIONS, PATCH"],
    ["TRACE", "/healthz", "GET, HEAD, OPTIONS"],
    ["PROPFIND", entities, "GET, HEAD, OPTIONS, POST"],
    ["GET", `${entities}:deleteEntitiesWithConditions`, "OPTIONS, POST"],
  ])("is a method that a path does not have: %s %s", async (method, path, allow) => {
    const answer = await refusal(withoutBody(method, path));
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("after a good request is refused in its turn", async () => {
    const good = `GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answer = await rawExchange(port, `${good}nonsense\r\n\r\n`);
    expect(answer?.status).toBe(200);
    expect(answer?.text).toContain('{"status":"OK"}HTTP/1.1 400 Bad Request');
    expect(answer?.text).toContain('"reason":"MALFORMED_HTTP"');
  });

  it("says where a body is no JSON", async () => {
    const request = withBody("POST", entities, Buffer.from('{"fields":\n  {"Name": Ann}}'));
    expect(failureOf(await refusal(request))).toMatchObject({
      reason: "MALFORMED_JSON",
      message: "the body is not valid JSON: Object value expected after ':', line 2, column 12",
      metadata: { position: "22" },
    });
  });

  it("leaves no secret in the log", () => {
    expect(lines.length).toBeGreaterThan(400);
    for (const secret of [...secrets, token]) expect(lines.join("")).not.toContain(secret);
  });
});

describe("a body of more than 2 MB", () => {
  it.each([1, 20 * 1024 * 1024])("by %i bytes is answered before the connection ends", async (more) => {
    const connector = tableConnector();
    const api = await openHttpApi({ connections: [serve(connector)], token });
    const { port, url } = await api.listen({ host: "127.0.0.1", port: 0 });
    const body = Buffer.alloc(2 * 1024 * 1024 + more, " ");
    const answer = await rawExchange(port, withBody("POST", entities, body));
    expect(answer === undefined ? answer : failureOf(answer)).toMatchObject({
      status: 413,
      reason: "BODY_TOO_LARGE",
      metadata: { detail: "At most 2097152 bytes are read." },
    });
    const response = await fetch(`${url}${entities}`, { method: "POST", headers: authorized, body });
    expect(response.status).toBe(413);
    expect(connector.writes()).toBe(0);
    await api.close();
  });

  it("is where the limit begins", async () => {
    const connector = tableConnector();
    const api = await openHttpApi({ connections: [serve(connector)], token });
    const { url } = await api.listen({ host: "127.0.0.1", port: 0 });
    const text = JSON.stringify({ fields: { Name: "Ann" } });
    const body = text.padEnd(2 * 1024 * 1024, " ");
    const response = await fetch(`${url}${entities}`, { method: "POST", headers: authorized, body });
    expect(response.status).toBe(200);
    expect(connector.writes()).toBe(1);
    await api.close();
  });
});

describe("a request that does not arrive", () => {
  it.each([
    ["headers", `GET /healthz HTTP/1.1\r\nHost: a\r\n`],
    [
      "a body",
      rawRequest("POST", entities, { headers: authorized })
        .toString()
        .replace("content-length: 0", "content-length: 9"),
    ],
  ])("is not waited for: %s", async (_, request) => {
    const api = await openHttpApi({ connections: [serve(tableConnector())], token, receiveTimeoutMs: 30 });
    const { port } = await api.listen({ host: "127.0.0.1", port: 0 });
    const answer = await rawExchange(port, request);
    expect(answer === undefined ? answer : failureOf(answer)).toMatchObject({
      status: 408,
      reason: "REQUEST_TOO_SLOW",
    });
    await api.close();
  });
});
