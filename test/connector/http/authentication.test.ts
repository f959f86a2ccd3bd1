import { describe, expect, it } from "vitest";
import { openAuthentication } from "../../../src/connector/http/authenticate.js";
import { openHttpApi } from "../../../src/connector/http/open-http-api.js";
import { RpcFailure } from "../../../src/connector/http/rpc-failure.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { connectionPath, failureOf, startApi, token } from "./running-api.js";
import { serve } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

describe("the bearer token", () => {
  it.each(["", "two words", "line\nbreak", "žeton"])("cannot be %j", async (unfit) => {
    const error = await openHttpApi({ connections: [], token: unfit }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StripeSqlError);
    expect(error).toMatchObject({ sqlState: "22023" });
  });

  it.each([["Bearer secret"], ["bearer secret"], ["BEARER   secret "]])("is taken from %j", (header) => {
    expect(() => openAuthentication("secret")(header)).not.toThrow();
  });

  it.each([
    [undefined, "TOKEN_MISSING"],
    ["", "TOKEN_INVALID"],
    ["secret", "TOKEN_INVALID"],
    ["Bearer", "TOKEN_INVALID"],
    ["Bearer ", "TOKEN_INVALID"],
    ["Bearer secre", "TOKEN_INVALID"],
    ["Bearer secrets", "TOKEN_INVALID"],
    ["Bearer SECRET", "TOKEN_INVALID"],
    ["Bearer secret secret", "TOKEN_INVALID"],
    ["Bearer secret, Bearer secret", "TOKEN_INVALID"],
    ["Basic c2VjcmV0", "TOKEN_INVALID"],
  ])("is not in %j", (header, reason) => {
    const refuse = () => openAuthentication("secret")(header);
    expect(refuse).toThrow(RpcFailure);
    expect(refuse).toThrow(expect.objectContaining({ status: "UNAUTHENTICATED", reason }));
  });

  it.each([
    ["GET", `${connectionPath}:checkStatus`],
    ["GET", `${connectionPath}/entityTypes/Customer/entities?pageSize=no`],
    ["POST", `${connectionPath}/entityTypes/Customer/entities`],
    ["GET", "/v2/projects/p/locations/l/connections/none:checkStatus"],
    ["GET", "/metrics"],
    ["GET", "/openapi.json"],
    ["GET", "/openapi.yaml"],
    ["GET", "/nothing/here"],
    ["PUT", "/metrics"],
  ])("is asked for before anything else is looked at: %s %s", async (method, path) => {
    const connector = tableConnector();
    const { send } = await startApi(serve(connector, { admit: () => expect.unreachable("no transaction") }));
    const missing = await send(method, path, { headers: { authorization: "Bearer wrong" } });
    expect(failureOf(missing)).toMatchObject({ status: 401, code: "UNAUTHENTICATED", reason: "TOKEN_INVALID" });
    expect(missing.headers.get("www-authenticate")).toBe('Bearer realm="stripe-sql", error="invalid_token"');
    expect(missing.text).not.toContain("wrong");
  });

  it("is not asked for health and readiness", async () => {
    const { url } = await startApi(serve(tableConnector()));
    for (const path of ["/healthz", "/readyz"]) {
      expect((await fetch(`${url}${path}`)).status).toBe(200);
      expect((await fetch(`${url}${path}`, { method: "HEAD" })).status).toBe(200);
    }
  });

  it("is told to be missing where there is no header", async () => {
    const { url } = await startApi(serve(tableConnector()));
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="stripe-sql"');
    expect(await response.json()).toMatchObject({ error: { details: [{ reason: "TOKEN_MISSING" }] } });
  });

  it("is in no answer, though it is given as a name", async () => {
    const { send } = await startApi(serve(tableConnector()));
    const inQuery = await send("GET", `${connectionPath}/actions?${token}=1`);
    expect(failureOf(inQuery).message).toBe('unknown query parameter "***"');
    expect(inQuery.text).not.toContain(token);
    const inBody = await send("POST", `${connectionPath}/tools`, { body: { [token]: 1, sk_live_123456789: 1 } });
    expect(inBody.status).toBe(400);
    expect(inBody.text).not.toContain(token);
    expect(inBody.text).not.toContain("sk_live_123456789");
  });
});
