import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { connectionPath, startApi, token } from "./running-api.js";
import { serve } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

/** What curl prints, then the HTTP status on a line of its own. */
async function curl(...args: readonly string[]) {
  const { stdout } = await promisify(execFile)("curl", ["-sS", "--max-time", "240", "-w", "\n%{http_code}", ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const end = stdout.lastIndexOf("\n");
  return { text: stdout.slice(0, end), status: Number(stdout.slice(end + 1)) };
}

const authorization = ["-H", `Authorization: Bearer ${token}`];
const json = ["-H", "Content-Type: application/json"];

describe("curl", () => {
  it("creates, lists, changes and deletes", async () => {
    const { url } = await startApi(serve(tableConnector()));
    const entities = `${url}${connectionPath}/entityTypes/Customer/entities`;
    const created = await curl(...authorization, ...json, "-d", '{"fields": {"Name": "Ann"}}', entities);
    expect(created.status).toBe(200);
    const { fields } = JSON.parse(created.text);
    const listed = await curl(...authorization, "-G", "--data-urlencode", "conditions=Name = 'Ann'", entities);
    expect(JSON.parse(listed.text).entities).toHaveLength(1);
    const changed = await curl(
      ...authorization,
      ...json,
      "-X",
      "PATCH",
      "-d",
      '{"fields": {"Name": "John"}}',
      `${entities}/${fields.Id}`,
    );
    expect(JSON.parse(changed.text).fields).toEqual({ Id: fields.Id });
    expect(await curl(...authorization, "-X", "DELETE", `${entities}/${fields.Id}`)).toEqual({
      text: "{}",
      status: 200,
    });
  });

  it("carries out an action and a statement", async () => {
    const { url } = await startApi(serve(tableConnector()));
    const connection = `${url}${connectionPath}`;
    const intent = '{"fields": {"PaymentMethod": "pm_card_visa", "Currency": "usd", "Amount": 1500.0}}';
    const created = await curl(
      ...authorization,
      ...json,
      "-d",
      intent,
      `${connection}/entityTypes/PaymentIntent/entities`,
    );
    const { Id: id } = JSON.parse(created.text).fields;
    const parameters = JSON.stringify({ parameters: { ReturnUrl: "http://google.com/", PaymentIntentId: id } });
    const confirmed = await curl(
      ...authorization,
      ...json,
      "-d",
      parameters,
      `${connection}/actions/ConfirmPaymentIntent:execute`,
    );
    expect(JSON.parse(confirmed.text)).toMatchObject({
      results: [{ Success: "true", status: "succeeded" }],
      metadata: {},
    });
    const query = { query: "SELECT * FROM PaymentIntent WHERE Id = ?", queryParameters: [{ value: id }] };
    const ran = await curl(...authorization, ...json, "-d", JSON.stringify({ query }), `${connection}:executeSqlQuery`);
    expect(JSON.parse(ran.text).results).toMatchObject([{ Id: id, Amount: 1500 }]);
  });

  it("is told what it left out", async () => {
    const { url } = await startApi(serve(tableConnector()));
    const entities = `${url}${connectionPath}/entityTypes/Customer/entities`;
    const reasonOf = ({ text }: { text: string }) => JSON.parse(text).error.details[0].reason;
    expect(reasonOf(await curl(entities))).toBe("TOKEN_MISSING");
    expect(reasonOf(await curl(...authorization, "-d", "{}", entities))).toBe("UNSUPPORTED_CONTENT_TYPE");
    expect(reasonOf(await curl(...authorization, ...json, "-d", "{'a': 1}", entities))).toBe("MALFORMED_JSON");
  });

  it("reads the answer to a body that is too large", async () => {
    const { url } = await startApi(serve(tableConnector()), { bodyLimitBytes: 1024 });
    const send = promisify(execFile);
    const script = `head -c 5000000 /dev/zero | curl -sS --max-time 240 -w '\\n%{http_code}' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data-binary @- "$URL"`;
    const { stdout } = await send("bash", ["-c", script], {
      env: {
        PATH: process.env["PATH"] ?? "",
        TOKEN: token,
        URL: `${url}${connectionPath}/entityTypes/Customer/entities`,
      },
    });
    expect(stdout).toContain('"reason":"BODY_TOO_LARGE"');
    expect(stdout).toMatch(/\n413$/);
  });
});
