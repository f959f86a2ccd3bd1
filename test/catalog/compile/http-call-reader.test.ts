import { describe, expect, test } from "vitest";
import { readHttpCalls } from "../../../src/catalog/compile/http-call-reader.js";

const text = `
export class ThingResource extends StripeResource {
  list(params, options) { return this._makeRequest('GET', '/v1/things', params, options, { methodType: 'list' }); }
  pdf(id, params, options) {
    return this._makeRequest('GET', \`/v1/things/\${encodeURIComponent(id)}/pdf\`, params, options, { apiBase: 'files', streaming: true });
  }
  retrieve(id, params, options) {
    if (typeof id === 'string') {
      return this._makeRequest('GET', \`/v1/things/\${encodeURIComponent(id)}\`, params, options);
    } else {
      return this._makeRequest('GET', '/v1/thing', params, options);
    }
  }
  deletePart(thingId, id, params, options) {
    return this._makeRequest('DELETE', \`/v1/things/\${encodeURIComponent(thingId)}/parts/\${encodeURIComponent(id)}\`, params, options).then((x) => x);
  }
  helper() { return 1; }
}`;
const calls = readHttpCalls("resources/Things", text);

describe("readHttpCalls", () => {
  test("reads method, address and how the answer comes", () => {
    expect(calls.get("ThingResource.list")).toEqual({
      method: "GET",
      path: "/v1/things",
      methodType: "list",
      apiBase: "api",
      streaming: false,
    });
    expect(calls.get("ThingResource.pdf")).toMatchObject({
      path: "/v1/things/{id}/pdf",
      apiBase: "files",
      streaming: true,
    });
  });

  test("takes the call by id of a method that has two", () => {
    expect(calls.get("ThingResource.retrieve")?.path).toBe("/v1/things/{id}");
  });

  test("reads a request whose answer is worked on", () => {
    expect(calls.get("ThingResource.deletePart")).toMatchObject({
      method: "DELETE",
      path: "/v1/things/{thingId}/parts/{id}",
    });
  });

  test("leaves out what sends no request", () => {
    expect(calls.has("ThingResource.helper")).toBe(false);
  });
});
