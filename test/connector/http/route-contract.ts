import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpApi } from "../../../src/connector/http/open-http-api.js";
import { openHttpApi } from "../../../src/connector/http/open-http-api.js";
import type { ServedConnection } from "../../../src/connector/served-connection.js";
import type { Answer, RequestParts } from "./running-api.js";
import { connectionPath, failureOf, send, token } from "./running-api.js";

export interface ConnectionUnderTest {
  /** Named "stripe-eu", in "europe-west1"; its rate admits whatever is asked. */
  readonly connection: ServedConnection;
  close(): Promise<void>;
}

/** What each route asks and answers, over any connection whose customers and payment intents can be written. */
export function describeRoutes(title: string, open: () => Promise<ConnectionUnderTest>): void {
  describe(title, () => {
    let underTest: ConnectionUnderTest;
    let api: HttpApi;
    let url = "";
    beforeAll(async () => {
      underTest = await open();
      api = await openHttpApi({ connections: [underTest.connection], token });
      url = (await api.listen({ host: "127.0.0.1", port: 0 })).url;
    });
    afterAll(async () => {
      await api.close();
      await underTest.close();
    });

    const ask = (method: string, path: string, body?: unknown): Promise<Answer> => {
      const parts: RequestParts = body === undefined ? {} : { body };
      return send(method, `${url}${connectionPath}${path}`, parts);
    };
    const create = async (entityType: string, fields: object): Promise<string> => {
      const { status, body } = await ask("POST", `/entityTypes/${entityType}/entities`, { fields });
      expect(status).toBe(200);
      return String((body as { fields: { Id: unknown } }).fields.Id);
    };
    const nameOf = (entityType: string, id: string) =>
      `${connectionPath.slice("/v2/".length)}/entityTypes/${entityType}/entities/${id}`;

    it("tells whether the connection takes calls", async () => {
      expect(await ask("GET", ":checkReadiness")).toMatchObject({ status: 200, body: { status: "READY" } });
    });

    it("tells the connection's state", async () => {
      const { status, body } = await ask("GET", ":checkStatus");
      expect(status).toBe(200);
      expect(body).toEqual({ state: "ACTIVE", description: expect.any(String) });
    });

    it("takes a method whose colon is encoded", async () => {
      expect(await ask("GET", "%3AcheckReadiness")).toMatchObject({ status: 200 });
      const missing = await ask("POST", "/entityTypes/Customer/entities%3AdeleteEntitiesWithConditions", {});
      expect(failureOf(missing)).toMatchObject({ reason: "CONDITIONS_MISSING" });
    });

    it("creates, gets, changes and deletes an entity", async () => {
      const created = await ask("POST", "/entityTypes/Customer/entities", {
        fields: { Name: "Ann", Email: "ann@example.com" },
      });
      expect(created.status).toBe(200);
      const { Id: id } = (created.body as { fields: { Id: string } }).fields;
      const name = nameOf("Customer", id);
      expect(created.body).toEqual({ name, fields: { Id: id } });

      expect(await ask("PATCH", `/entityTypes/Customer/entities/${id}`, { fields: { Name: "John" } })).toMatchObject({
        status: 200,
        body: { name, fields: { Id: id } },
      });
      const got = await ask("GET", `/entityTypes/Customer/entities/${id}`);
      expect(got).toMatchObject({
        status: 200,
        body: { name, fields: { Id: id, Name: "John", Email: "ann@example.com" } },
      });
      // The name of an entity is its path.
      expect(await send("GET", `${url}/v2/${name}`)).toMatchObject({ status: 200, body: { name } });

      const deleted = await ask("DELETE", `/entityTypes/Customer/entities/${id}`);
      expect(deleted).toMatchObject({ status: 200, body: {} });
    });

    it("creates the seed's payment intent, and confirms it", async () => {
      const id = await create("PaymentIntent", { PaymentMethod: "pm_card_visa", Currency: "usd", Amount: 1500.0 });
      const { status, body } = await ask("POST", "/actions/ConfirmPaymentIntent:execute", {
        parameters: { ReturnUrl: "http://google.com/", PaymentIntentId: id },
      });
      expect(status).toBe(200);
      expect(body).toEqual({
        results: [
          expect.objectContaining({ Success: "true", id, amount: "1500", status: "succeeded", canceled_at: null }),
        ],
        metadata: {},
      });
    });

    it("lists entities that meet conditions, page by page", async () => {
      const ids = new Set<string>();
      for (const number of [1, 2, 3])
        ids.add(await create("Customer", { Name: "Pat Page", Email: `${number}@page.example` }));
      const path = `/entityTypes/Customer/entities?conditions=${encodeURIComponent("Name = 'Pat Page'")}&pageSize=2`;
      const first = await ask("GET", path);
      const { entities, nextPageToken } = first.body as {
        entities: { fields: { Id: string } }[];
        nextPageToken: string;
      };
      expect(first.status).toBe(200);
      expect(entities).toHaveLength(2);
      const last = await ask("GET", `${path}&pageToken=${encodeURIComponent(nextPageToken)}`);
      expect(Object.keys(last.body as object)).toEqual(["entities"]);
      const rest = (last.body as { entities: typeof entities }).entities;
      expect(new Set([...entities, ...rest].map(({ fields }) => fields.Id))).toEqual(ids);
    });

    it("sorts by several fields, each in its own direction", async () => {
      for (const number of [1, 2]) {
        for (const name of ["Sol A", "Sol B"])
          await create("Customer", { Name: name, Email: `${number}@sort.example` });
      }
      const sorted = async (query: string) => {
        const { body } = await ask("GET", `/entityTypes/Customer/entities?pageSize=200&${query}`);
        const rows = (body as { entities: { fields: { Name: string | null; Email: string | null } }[] }).entities;
        const texts = rows.map(({ fields }) => `${fields.Name} ${fields.Email}`);
        return texts.filter((text) => text.startsWith("Sol "));
      };
      expect(await sorted("sortBy=Name&sortOrder=DESC&sortBy=Email&sortOrder=asc")).toEqual([
        "Sol B 1@sort.example",
        "Sol B 2@sort.example",
        "Sol A 1@sort.example",
        "Sol A 2@sort.example",
      ]);
      expect((await sorted("sortBy=Name"))[0]).toContain("Sol A");
    });

    it("changes entities by conditions, in the query or in the body", async () => {
      const ids = [
        await create("Customer", { Name: "Cy", Email: "cy1@by.example" }),
        await create("Customer", { Name: "Cy", Email: "cy2@by.example" }),
      ];
      const path = "/entityTypes/Customer/entities:updateEntitiesWithConditions";
      const one = encodeURIComponent("Email = 'cy1@by.example'");
      expect(await ask("POST", `${path}?conditions=${one}`, { fields: { Name: "Cyd" } })).toMatchObject({
        status: 200,
        body: { response: { Id: ids[0] } },
      });
      const again = { conditions: "Email = 'cy1@by.example'", entity: { fields: { Name: "Cy" } } };
      expect(await ask("POST", path, again)).toMatchObject({ body: { response: { Id: ids[0] } } });
      const both = await ask("POST", path, { conditions: "Name = 'Cy'", fields: { Name: "Cy Two" } });
      const { response } = both.body as { response: { Id: string; Ids: string[] } };
      expect([...response.Ids].sort()).toEqual([...ids].sort());
      expect(ids).toContain(response.Id);
      const none = await ask("POST", path, { conditions: "Name = 'Nobody at all'", fields: { Name: "X" } });
      expect(none).toMatchObject({ status: 200, body: { response: {} } });
    });

    it("deletes entities by conditions, in the query or in the body", async () => {
      for (const number of [1, 2]) await create("Customer", { Name: `Del ${number}`, Email: `${number}@del.example` });
      const path = "/entityTypes/Customer/entities:deleteEntitiesWithConditions";
      const inQuery = await ask("POST", `${path}?conditions=${encodeURIComponent("Name = 'Del 1'")}`);
      expect(inQuery).toMatchObject({ status: 200, body: {} });
      expect(await ask("POST", path, { conditions: "Name = 'Del 2'" })).toMatchObject({ status: 200, body: {} });
      for (const number of [1, 2]) {
        const conditions = encodeURIComponent(`Name = 'Del ${number}'`);
        expect((await ask("GET", `/entityTypes/Customer/entities?conditions=${conditions}`)).body).toEqual({
          entities: [],
        });
      }
    });

    it("lists entity types, whole or by name, and gets one", async () => {
      const whole = await ask("GET", "/entityTypes?pageSize=1");
      const [type] = (whole.body as { types: object[] }).types;
      expect(type).toMatchObject({
        name: expect.any(String),
        fields: expect.any(Array),
        jsonSchema: expect.any(Object),
        operations: expect.any(Array),
        defaultSortBy: expect.any(String),
      });
      const names = await ask("GET", "/entityTypes?pageSize=1&view=ENTITY_TYPE_VIEW_BASIC");
      expect((names.body as { types: object[] }).types.map((one) => Object.keys(one))).toEqual([["name"]]);
      const { nextPageToken } = whole.body as { nextPageToken: string };
      const second = await ask("GET", `/entityTypes?pageSize=1&pageToken=${encodeURIComponent(nextPageToken)}`);
      expect((second.body as { types: object[] }).types[0]).not.toEqual(type);

      const one = await ask("GET", "/entityTypes/Customer");
      expect(one.status).toBe(200);
      expect(one.body).toMatchObject({ name: "Customer", operations: ["LIST", "GET", "CREATE", "UPDATE", "DELETE"] });
      const { fields } = one.body as { fields: { name: string }[] };
      expect(fields.find(({ name }) => name === "Id")).toMatchObject({
        dataType: "VARCHAR",
        key: true,
        reference: null,
      });
    });

    it("lists actions, whole or by name, and gets one", async () => {
      const whole = await ask("GET", "/actions?pageSize=1");
      expect((whole.body as { actions: object[] }).actions).toEqual([
        {
          name: expect.any(String),
          displayName: expect.any(String),
          description: expect.any(String),
          inputParameters: expect.any(Array),
          resultMetadata: expect.any(Array),
          inputJsonSchema: expect.any(Object),
          resultJsonSchema: expect.any(Object),
        },
      ]);
      const names = await ask("GET", "/actions?pageSize=1&view=ACTION_VIEW_BASIC");
      expect((names.body as { actions: object[] }).actions.map((one) => Object.keys(one))).toEqual([["name"]]);
      const one = await ask("GET", "/actions/ConfirmPaymentIntent");
      expect(one).toMatchObject({ status: 200, body: { name: "ConfirmPaymentIntent" } });
    });

    it("runs a statement, with numbers as texts or numbers", async () => {
      const id = await create("Customer", { Name: "Sue", Email: "sue@sql.example" });
      const run = (more: object) =>
        ask("POST", ":executeSqlQuery", {
          query: {
            query: "SELECT * FROM Customer WHERE Email = ?",
            queryParameters: [{ dataType: "VARCHAR", value: "sue@sql.example" }],
            ...more,
          },
        });
      for (const more of [{}, { maxRows: "25", timeout: "180" }, { maxRows: 25, timeout: 180 }, { maxRows: 0 }]) {
        const { status, body } = await run(more);
        expect(status).toBe(200);
        expect((body as { results: object[] }).results).toEqual([expect.objectContaining({ Id: id, Name: "Sue" })]);
      }
      await create("Customer", { Name: "Sue", Email: "sue@sql.example" });
      expect(await run({ maxRows: "1" })).toMatchObject({ status: 200, body: { metadata: { truncated: true } } });
    });

    it("lists tools, asked for in either way, and carries one out", async () => {
      const got = await ask("GET", "/tools?pageSize=1");
      const posted = await ask("POST", "/tools", { pageSize: "1" });
      expect(got.status).toBe(200);
      expect(posted.body).toEqual(got.body);
      expect((await ask("POST", "/tools")).status).toBe(200);
      expect((got.body as { tools: object[] }).tools).toEqual([
        {
          name: expect.any(String),
          description: expect.any(String),
          inputSchema: expect.any(Object),
          outputSchema: expect.any(Object),
          annotations: {
            title: expect.any(String),
            readOnlyHint: expect.any(Boolean),
            destructiveHint: expect.any(Boolean),
            idempotentHint: expect.any(Boolean),
            openWorldHint: expect.any(Boolean),
          },
        },
      ]);
      const id = await create("Customer", { Name: "Tool", Email: "tool@example.com" });
      const executed = await ask("POST", "/tools/get_Customer:execute", { parameters: { entityId: id } });
      expect(executed.status).toBe(200);
      expect(executed.body).toEqual({ result: expect.any(Object), metadata: {} });
      expect(executed.text).toContain(id);
    });

    it.each([
      ["GET", "/entityTypes/Customer/entities/cus_none", undefined, "ENTITY_NOT_FOUND"],
      ["GET", "/entityTypes/Custommer", undefined, "ENTITY_TYPE_NOT_FOUND"],
      ["GET", "/entityTypes/Custommer/entities", undefined, "ENTITY_TYPE_NOT_FOUND"],
      ["GET", "/actions/ConfirmPaymentIntend", undefined, "ACTION_NOT_FOUND"],
      ["POST", "/actions/ConfirmPaymentIntend:execute", { parameters: {} }, "ACTION_NOT_FOUND"],
      ["POST", "/tools/no_such_tool:execute", { parameters: {} }, "ACTION_NOT_FOUND"],
    ])("finds nothing: %s %s", async (method, path, body, reason) => {
      expect(failureOf(await ask(method, path, body))).toMatchObject({ status: 404, code: "NOT_FOUND", reason });
    });

    it("takes an unknown name of a statement for a mistake in the statement", async () => {
      const query = { query: "SELECT * FROM Custommer WHERE Email = ?", queryParameters: [{ value: "a" }] };
      expect(failureOf(await ask("POST", ":executeSqlQuery", { query }))).toMatchObject({
        status: 400,
        code: "INVALID_ARGUMENT",
        reason: "UNKNOWN_NAME",
      });
    });

    it("names a field that there is not", async () => {
      const answer = await ask("POST", "/entityTypes/Customer/entities", { fields: { Nmae: "John" } });
      expect(failureOf(answer)).toMatchObject({ status: 400, code: "INVALID_ARGUMENT", reason: "UNKNOWN_FIELD" });
      expect(answer.text).toContain("Nmae");
    });
  });
}
