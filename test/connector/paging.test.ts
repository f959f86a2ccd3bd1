import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListEntitiesInput } from "../../src/connector/connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, idsOf, listPages } from "../support/sandbox-connector.js";
import type { SandboxFile } from "../support/sandbox-file.js";
import { openSandboxFile, temporaryFile } from "../support/sandbox-file.js";
import { errorOf } from "../support/scripted-client.js";

const temporary = temporaryFile();
const running = connectSandbox({ customers: 120, file: temporary.path });
const connected = connectConnector(running);
let file: SandboxFile;

beforeAll(() => {
  file = openSandboxFile(temporary.path);
});
afterAll(() => {
  file.close();
  temporary.remove();
});

const list = (input: ListEntitiesInput) => connected.connector.listEntities(input);
const pagesOf = (input: ListEntitiesInput) => listPages(connected.connector, input);
const tokenOf = async (input: ListEntitiesInput): Promise<string> => {
  const { listEntitiesNextPageToken: token } = await list(input);
  if (token === null) throw new Error("one page holds all");
  return token;
};

describe("a page", () => {
  test("is of 25 rows, the newest first, and has a token for the next", async () => {
    const { connectorOutputPayload: rows, listEntitiesNextPageToken: token } = await list({ entity: "Customer" });
    expect(rows).toHaveLength(25);
    expect(token).toMatch(/^[\w.-]+$/);
    const { rows: newest } = await running.query("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 25");
    expect(idsOf(rows)).toEqual(newest.map((row) => row["Id"]));
  });

  test.each([1, 2, 25, 119, 120, 121, 200])("may be of %i rows: together they are all rows once", async (size) => {
    const pages = await pagesOf({ entity: "Customer", listEntitiesPageSize: size });
    const { rows: all } = await running.query("SELECT Id FROM Customer ORDER BY Created DESC");
    expect(idsOf(pages.flat())).toEqual(all.map((row) => row["Id"]));
    expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
    expect(pages.at(-1)?.length).toBeGreaterThan(0);
  });

  test("of nothing has no token", async () => {
    expect(await list({ entity: "Customer", filterClause: "Name = 'nobody'" })).toEqual({
      connectorOutputPayload: [],
      listEntitiesNextPageToken: null,
    });
  });

  test("may have another size than the one before", async () => {
    const first = await list({ entity: "Customer", listEntitiesPageSize: 7 });
    const token = first.listEntitiesNextPageToken ?? "";
    const rest = await list({ entity: "Customer", listEntitiesPageSize: 200, listEntitiesPageToken: token });
    const { rows: all } = await running.query("SELECT Id FROM Customer ORDER BY Created DESC");
    expect(idsOf([...first.connectorOutputPayload, ...rest.connectorOutputPayload])).toEqual(
      all.map((row) => row["Id"]),
    );
  });

  test("can be asked for again by its token", async () => {
    const input = { entity: "Customer", listEntitiesPageToken: await tokenOf({ entity: "Customer" }) };
    expect(await list(input)).toEqual(await list(input));
  });

  test("is the same from another connector: a token holds all that it takes", async () => {
    const token = await tokenOf({ entity: "Customer" });
    const other = await connected.open();
    const input = { entity: "Customer", listEntitiesPageToken: token };
    expect(await other.listEntities(input)).toEqual(await list(input));
  });
});

describe("pages together", () => {
  test("are all that Stripe's Search finds", async () => {
    const pages = await pagesOf({
      entity: "Customer",
      filterClause: "SearchQuery = 'created>0'",
      listEntitiesPageSize: 50,
    });
    const { rows: all } = await running.query("SELECT Id FROM Customer");
    expect([...idsOf(pages.flat())].sort()).toEqual(all.map((row) => String(row["Id"])).sort());
    expect(pages.map(({ length }) => length)).toEqual([50, 50, all.length - 100]);
  });

  test("are those of a list of ids, the newest first, whatever is not there", async () => {
    const { rows } = await running.query("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 30");
    const ids = rows.map((row) => String(row["Id"]));
    const named = [...ids].reverse().concat("cus_nobody", ids[0] ?? "");
    const filterClause = `Id IN (${named.map((id) => `'${id}'`).join(", ")})`;
    const pages = await pagesOf({ entity: "Customer", filterClause, listEntitiesPageSize: 7 });
    expect(idsOf(pages.flat())).toEqual(ids);
  });

  test("are one where rows have no key: there is but one for an account", async () => {
    const page = await list({ entity: "Balance", listEntitiesPageSize: 1 });
    expect(page.connectorOutputPayload).toHaveLength(1);
    expect(page.listEntitiesNextPageToken).toBeNull();
    const keyless = running.catalog.tables().filter(({ primaryKey }) => primaryKey === undefined);
    // Were there another, nothing would tell its rows apart.
    expect(keyless.filter(({ lists }) => lists.some(({ pagination }) => pagination !== "singleton"))).toEqual([]);
  });
});

describe("requests", () => {
  test("one for the first page, for a row more than it has, and one for the second", async () => {
    const first = await connected.traced(() => list({ entity: "Customer" }));
    expect(first.sent).toEqual(["GET /v1/customers limit=26"]);
    const { connectorOutputPayload: rows, listEntitiesNextPageToken: token } = first.value;
    const seconds = file.created("Customer", String(rows.at(-1)?.["Id"]));
    const second = await connected.traced(() => list({ entity: "Customer", listEntitiesPageToken: token ?? "" }));
    expect(second.sent).toEqual([`GET /v1/customers created[lte]=${seconds}&limit=27`]);
  });

  test("one for each page of a filter that Stripe applies", async () => {
    const input = { entity: "Invoice", filterClause: "Status = 'paid'", listEntitiesPageSize: 50 };
    const first = await connected.traced(() => list(input));
    expect(first.sent).toEqual(["GET /v1/invoices status=paid&limit=51"]);
    const token = first.value.listEntitiesNextPageToken ?? "";
    const second = await connected.traced(() => list({ ...input, listEntitiesPageToken: token }));
    expect(second.sent).toEqual([
      expect.stringMatching(/^GET \/v1\/invoices created\[lte\]=\d+&status=paid&limit=5\d$/),
    ]);
  });

  test("three for the 200 rows of the largest page: the last tells whether more follow", async () => {
    const { sent } = await connected.traced(() => list({ entity: "Charge", listEntitiesPageSize: 200 }));
    expect(sent.map((line) => /limit=\d+/.exec(line)?.[0])).toEqual(["limit=100", "limit=100", "limit=1"]);
  });

  test("one for the first page of a table that two lists make up, where the first fills it", async () => {
    const { sent } = await connected.traced(() => list({ entity: "Price", listEntitiesPageSize: 10 }));
    expect(sent).toEqual(["GET /v1/prices active=true&limit=11"]);
  });

  test("none more than the rows up to the page's end for the later pages of such a table", async () => {
    const input = { entity: "Price", listEntitiesPageSize: 5 };
    const { sent } = await connected.traced(async () =>
      list({ ...input, listEntitiesPageToken: await tokenOf(input) }),
    );
    expect(sent).toEqual(["GET /v1/prices active=true&limit=6", "GET /v1/prices active=true&limit=11"]);
  });
});

describe("tokens", () => {
  const other: readonly (readonly [string, Partial<ListEntitiesInput>])[] = [
    ["another entity", { entity: "Charge" }],
    ["another filter", { filterClause: "Livemode <> TRUE" }],
    ["no filter", { filterClause: "" }],
    ["another sort column", { listEntitiesSortByColumns: ["Id"] }],
    ["another direction", { listEntitiesSortByColumns: ["Created DESC"] }],
    ["more sort columns", { listEntitiesSortByColumns: ["Created", "Id"] }],
    ["no sort column", { listEntitiesSortByColumns: [] }],
  ];
  const own: ListEntitiesInput = {
    entity: "Customer",
    filterClause: "Livemode = FALSE",
    listEntitiesSortByColumns: ["Created"],
    listEntitiesPageSize: 3,
  };

  test.each(other)("of a listing are refused for %s", async (_, changed) => {
    const token = await tokenOf(own);
    const error = await errorOf(list({ ...own, ...changed, listEntitiesPageToken: token }));
    expect(error).toMatchObject({
      sqlState: "22023",
      message: "the page token is not one that this listing gave",
      hint: "Give the token of the page before, as it was, with the same entity, filter and sort columns, or the same statement and parameters.",
    });
  });

  test("hold for the same listing in other words", async () => {
    const token = await tokenOf(own);
    const same = {
      ...own,
      entity: "customers",
      listEntitiesSortByColumns: ["created ASC"],
      listEntitiesPageToken: token,
    };
    expect(idsOf((await list(same)).connectorOutputPayload)).toEqual(
      idsOf((await list({ ...own, listEntitiesPageToken: token })).connectorOutputPayload),
    );
  });

  test.each([
    ["newest first", { entity: "Customer" }],
    ["in Stripe's order", { entity: "Price", listEntitiesPageSize: 3 }],
    ["sorted", own],
  ] as const)("that were changed are refused: %s", async (_, input) => {
    const token = await tokenOf(input);
    const changed = [
      ...[...token].map(
        (character, index) => `${token.slice(0, index)}${character === "A" ? "B" : "A"}${token.slice(index + 1)}`,
      ),
      ...[...token].map((_, index) => token.slice(0, index)),
      ...[...token].map((_, index) => token.slice(index + 1)),
      `${token}A`,
      `${token}AAAAAAAAAAAA`,
      `${token}=`,
      `${token}.`,
      ` ${token}`,
      `${token}\n`,
      token + token,
      token.toLowerCase(),
    ];
    for (const wrong of changed) {
      const error = await errorOf(list({ ...input, listEntitiesPageToken: wrong }));
      expect(`${error.sqlState} ${error.message}`, wrong).toBe(
        "22023 the page token is not one that this listing gave",
      );
    }
  });

  test.each([
    "",
    " ",
    "nonsense",
    "null",
    "bnVsbA",
    "W10",
    "e30",
    "Ww",
    Buffer.from('{"kind":"sorted","after":[]}').toString("base64url"),
    Buffer.from('{"kind":"newest-first","created":"2026-01-01T00:00:00Z"}').toString("base64url"),
    Buffer.from('{"kind":"offset","count":-1}').toString("base64url"),
    "🦆",
  ])("that no listing gave are refused: %j", (token) => expectRefused(token));

  test("of any length are refused", () => expectRefused("a".repeat(60_000)));

  async function expectRefused(token: string): Promise<void> {
    const error = await errorOf(list({ entity: "Customer", listEntitiesPageToken: token }));
    expect(error.sqlState).toBe("22023");
    expect(error.message.length).toBeLessThan(200);
  }

  test("of one kind of listing do nothing in another, though both are of Stripe's", async () => {
    const token = await tokenOf({ entity: "Price", listEntitiesPageSize: 3 });
    for (const entity of ["Customer", "v2.Account", "InvoiceItem"]) {
      expect((await errorOf(list({ entity, listEntitiesPageToken: token }))).sqlState).toBe("22023");
    }
    expect((await errorOf(connected.connector.listActions({ pageToken: token }))).sqlState).toBe("22023");
  });

  test("send nothing where they are refused", async () => {
    const { sent } = await connected.traced(() => errorOf(list({ entity: "Customer", listEntitiesPageToken: "x" })));
    expect(sent).toEqual([]);
  });
});

describe("600 rows of one second", () => {
  let ids: readonly string[] = [];
  let created = 0;

  beforeAll(async () => {
    const { rows } = await running.query("SELECT epoch(Created) AS Created FROM Charge ORDER BY 1 LIMIT 1 OFFSET 40");
    created = Number(rows[0]?.["Created"]);
    ids = Array.from({ length: 600 }, () => file.insertLike("Charge", { createdSeconds: created }));
  });
  afterAll(() => file.delete("Charge", ids));

  test.each([25, 200])("are given once each, in pages of %i, by tokens below 13,000 characters", async (size) => {
    let longest = 0;
    const pages: string[][] = [];
    let token: string | null | undefined;
    do {
      const page = await list({
        entity: "Charge",
        listEntitiesPageSize: size,
        ...(token === undefined || token === null ? {} : { listEntitiesPageToken: token }),
      });
      pages.push([...idsOf(page.connectorOutputPayload)]);
      token = page.listEntitiesNextPageToken;
      longest = Math.max(longest, token?.length ?? 0);
    } while (token !== null);
    const { rows } = await running.query("SELECT Id FROM Charge");
    expect(pages.flat().sort()).toEqual(rows.map((row) => String(row["Id"])).sort());
    expect(longest).toBeGreaterThan(5000);
    expect(longest).toBeLessThan(13_000);
  });

  test("are given once each by a filter that fans out", async () => {
    const filterClause = "Status = 'succeeded' OR Status = 'failed'";
    const pages = await pagesOf({ entity: "Charge", filterClause, listEntitiesPageSize: 200 });
    const given = idsOf(pages.flat());
    expect(new Set(given).size).toBe(given.length);
    expect(ids.filter((id) => !given.includes(id))).toEqual([]);
  });

  test("more than 1000 are refused, not cut: sorted, they are all given", async () => {
    const many = Array.from({ length: 1300 }, () => file.insertLike("Coupon"));
    const input = { entity: "Coupon", listEntitiesPageSize: 200 };
    expect(await errorOf(pagesOf(input))).toMatchObject({
      sqlState: "54000",
      message: "more than 1000 rows are of one moment",
      hint: "Sort by Created DESC and Id.",
    });
    const sorted = idsOf((await pagesOf({ ...input, listEntitiesSortByColumns: ["Created DESC", "Id"] })).flat());
    expect(new Set(sorted).size).toBe(sorted.length);
    expect(many.filter((id) => !sorted.includes(id))).toEqual([]);
    file.delete("Coupon", many);
  });
});

describe("long listings in Stripe's order", () => {
  let items: readonly string[] = [];

  beforeAll(() => {
    items = Array.from({ length: 1500 }, () => file.insertLike("InvoiceItem"));
  });

  test("give each row once, by tokens below 13,000 characters", async () => {
    let longest = 0;
    const input = { entity: "InvoiceItem", listEntitiesPageSize: 200 };
    let page = await list(input);
    const given = [...idsOf(page.connectorOutputPayload)];
    while (page.listEntitiesNextPageToken !== null) {
      longest = Math.max(longest, page.listEntitiesNextPageToken.length);
      page = await list({ ...input, listEntitiesPageToken: page.listEntitiesNextPageToken });
      given.push(...idsOf(page.connectorOutputPayload));
    }
    const { rows } = await running.query("SELECT Id FROM InvoiceItem");
    expect([...given].sort()).toEqual(rows.map((row) => String(row["Id"])).sort());
    expect(longest).toBeLessThan(13_000);
  });

  test("go on where all that they gave is deleted, and end where nothing is left", async () => {
    let pages = 0;
    await listPages(connected.connector, { entity: "InvoiceItem", listEntitiesPageSize: 200 }, (page) => {
      pages += 1;
      file.delete("InvoiceItem", idsOf(page));
    });
    expect(pages).toBe(Math.floor(items.length / 200));
    const { rows } = await running.query("SELECT Id FROM InvoiceItem");
    expect(rows.length).toBeLessThanOrEqual(200);
  });

  test("say so where a thousand rows behind the first are gone: none is given twice", async () => {
    const added = Array.from({ length: 1500 }, () => file.insertLike("InvoiceItem"));
    const input = { entity: "InvoiceItem", listEntitiesPageSize: 200 };
    const pages: (readonly string[])[] = [];
    const walk = listPages(connected.connector, input, (page) => {
      pages.push(idsOf(page));
      if (pages.length === 6) file.delete("InvoiceItem", pages.slice(1).flat());
    });
    expect(await errorOf(walk)).toMatchObject({
      sqlState: "22023",
      message: "the rows that the page token stands for are gone",
      hint: "List from the start, or sort by Id.",
    });
    file.delete("InvoiceItem", added);
  });
});

describe("a page that is deleted whole", () => {
  const entities = ["Customer", "Charge", "Price", "PaymentMethod", "InvoiceItem", "v2.Account"];

  test.each(entities)("brings none of the pages before it back: %s", async (entity) => {
    const added = Array.from({ length: 9 }, () => file.insertLike(entity));
    const input = { entity, listEntitiesPageSize: 3 };
    const given: (readonly string[])[] = [];
    const pages = await listPages(connected.connector, input, (page) => {
      given.push(idsOf(page));
      if (given.length === 2) file.delete(entity, idsOf(page));
    });
    const ids = idsOf(pages.flat());
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(added.filter((id) => !ids.includes(id))).toEqual([]);
    file.delete(entity, added);
  });
});

describe("rows of several accounts", () => {
  test("are told apart where their ids are alike", async () => {
    const { rows } = await running.query("INSERT INTO Account (Type) VALUES ('custom') RETURNING Id");
    const accounts = ["acct_sandbox_connected", String(rows[0]?.["Id"])];
    for (const account of accounts) {
      await connected.connector.createEntity({
        entity: "Coupon",
        connectorInputPayload: { Id: "SUMMER", PercentOff: 10, AccountId: account },
      });
    }
    const filterClause = `AccountId IN (${accounts.map((account) => `'${account}'`).join(", ")})`;
    for (const sort of [[], ["PercentOff"], ["Created DESC"], ["Id DESC"]]) {
      for (const entity of ["Coupon", "Balance"]) {
        if (entity === "Balance" && sort.length > 0) continue;
        const pages = await pagesOf({
          entity,
          filterClause,
          listEntitiesPageSize: 1,
          listEntitiesSortByColumns: sort,
        });
        expect(
          pages.map((page) => page.length),
          `${entity} ${sort}`,
        ).toEqual([1, 1]);
        expect(Object.keys(pages.flat()[0] ?? {})).not.toContain("AccountId");
      }
    }
  });
});

describe("what cannot be listed", () => {
  test.each([
    [{ entity: "Custmer" }, "42P01", 'entity "Custmer" does not exist'],
    [{ entity: "v3.Account" }, "42P01", 'entity "v3.Account" does not exist'],
    [{ entity: "v2.Account.Id" }, "42P01", 'entity "v2.Account.Id" does not exist'],
    [{ entity: "sys_tables" }, "42P01", 'entity "sys_tables" does not exist'],
    [{ entity: "Customer", listEntitiesSortByColumns: ["Nmae"] }, "42703", 'field "Nmae" does not exist in Customer'],
    [{ entity: "Customer", listEntitiesSortByColumns: ["_json"] }, "42703", 'field "_json" does not exist in Customer'],
    [
      { entity: "Customer", listEntitiesSortByColumns: ["AccountId"] },
      "42703",
      'field "AccountId" does not exist in Customer',
    ],
    [
      { entity: "Customer", listEntitiesSortByColumns: ["Metadata"] },
      "0A000",
      'field "Metadata" is a structure and has no order',
    ],
    [
      { entity: "Customer", listEntitiesSortByColumns: ["Name, Email"] },
      "0A000",
      '"Name, Email" is not a column to sort by',
    ],
    [{ entity: "Customer", listEntitiesSortByColumns: [""] }, "0A000", '"" is not a column to sort by'],
    [
      { entity: "Customer", listEntitiesSortByColumns: ["Name; DROP"] },
      "0A000",
      '"Name; DROP" is not a column to sort by',
    ],
    [{ entity: "Customer", filterClause: "Nmae = 'x'" }, "42703", 'field "Nmae" does not exist in Customer'],
    [{ entity: "Customer", filterClause: "Name" }, "42601", expect.any(String)],
  ] as const)("%j", async (input, sqlState, message) => {
    const { value, sent } = await connected.traced(() => errorOf(list(input)));
    expect(value).toMatchObject({ sqlState, message });
    expect(sent).toEqual([]);
  });

  test.each([
    [{ listEntitiesPageSize: 0 }, "listEntitiesPageSize"],
    [{ listEntitiesPageSize: 201 }, "listEntitiesPageSize"],
    [{ listEntitiesPageSize: -1 }, "listEntitiesPageSize"],
    [{ listEntitiesPageSize: 2.5 }, "listEntitiesPageSize"],
    [{ listEntitiesPageSize: "25" }, "listEntitiesPageSize"],
    [{ listEntitiesPageSize: null }, "listEntitiesPageSize"],
    [{ listEntitiesPageToken: null }, "listEntitiesPageToken"],
    [{ listEntitiesSortByColumns: "Name" }, "listEntitiesSortByColumns"],
    [{ listEntitiesSortByColumns: [1] }, "listEntitiesSortByColumns.0"],
    [{ filterClause: 1 }, "filterClause"],
    [{ entity: "" }, "entity"],
    [{ entity: 7 }, "entity"],
    [{ pageSize: 5 }, "pageSize"],
  ])("%j is refused with what is wrong in it", async (part, name) => {
    // What a program without types could send.
    const input = { entity: "Customer", ...part } as unknown as ListEntitiesInput;
    const error = await errorOf(list(input));
    expect(error.sqlState).toBe("22023");
    expect(error.message).toBe("the input is not of the form that the call takes");
    expect(error.detail).toContain(name);
  });
});
