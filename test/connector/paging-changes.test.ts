import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntityFields } from "../../src/connector/connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, idsOf, listPages } from "../support/sandbox-connector.js";
import type { SandboxFile } from "../support/sandbox-file.js";
import { openSandboxFile, temporaryFile } from "../support/sandbox-file.js";

const temporary = temporaryFile();
const running = connectSandbox({ customers: 15, file: temporary.path });
const connected = connectConnector(running);
let file: SandboxFile;
let invoice = "";

beforeAll(async () => {
  file = openSandboxFile(temporary.path);
  // Lines are read from their own list: those that an invoice holds are not written here.
  file.setAll("Invoice", "$.lines", null);
  const { rows } = await running.query("SELECT Id, Invoice FROM InvoiceLineItem LIMIT 1");
  invoice = String(rows[0]?.["Invoice"]);
  kept.add(invoice);
  for (let count = 0; count < 15; count += 1) file.insertLike("InvoiceLineItem", { like: String(rows[0]?.["Id"]) });
});
afterAll(() => {
  file.close();
  temporary.remove();
});

/** What is done between two pages. */
type Change =
  | { readonly kind: "insert newer"; readonly count: number }
  | { readonly kind: "insert in the second of the page's last row"; readonly count: number }
  | { readonly kind: "insert in the second of a row still to come"; readonly count: number }
  | { readonly kind: "delete the last row of the page" }
  | { readonly kind: "delete the page" }
  | { readonly kind: "delete an earlier page"; readonly which: number }
  | { readonly kind: "delete rows still to come"; readonly count: number };

const count = fc.integer({ min: 1, max: 4 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("insert newer" as const), count }),
  fc.record({ kind: fc.constant("insert in the second of the page's last row" as const), count }),
  fc.record({ kind: fc.constant("insert in the second of a row still to come" as const), count }),
  fc.record({ kind: fc.constant("delete the last row of the page" as const) }),
  fc.record({ kind: fc.constant("delete the page" as const) }),
  fc.record({ kind: fc.constant("delete an earlier page" as const), which: fc.nat(10) }),
  fc.record({ kind: fc.constant("delete rows still to come" as const), count }),
);

interface Subject {
  readonly entity: string;
  /** Read as a filter clause and as SQL alike. */
  readonly filter?: string;
  readonly sort?: readonly string[];
}

const subjects: readonly (() => Subject)[] = [
  { entity: "Customer" },
  { entity: "Customer", filter: "Balance <= 0 AND Name LIKE '%a%'" },
  { entity: "Customer", filter: "Livemode = FALSE OR Delinquent = TRUE" },
  { entity: "Customer", sort: ["Name"] },
  { entity: "Customer", sort: ["Created DESC", "Name"] },
  { entity: "Customer", sort: ["Phone DESC", "Balance", "Email DESC"] },
  { entity: "Charge" },
  { entity: "Charge", filter: "Status IN ('succeeded', 'failed')" },
  { entity: "Invoice", filter: "Status IN ('open', 'paid', 'draft')" },
  { entity: "Invoice", filter: "Status = 'open' OR Total > 1000" },
  { entity: "Invoice", sort: ["Status DESC", "DueDate", "Total DESC"] },
  { entity: "Price" },
  { entity: "Price", filter: "Currency IN ('usd', 'eur')" },
  { entity: "Price", sort: ["UnitAmountDecimal DESC", "Active"] },
  { entity: "PaymentMethod" },
  { entity: "PaymentMethod", filter: "Type IN ('card', 'custom')" },
  { entity: "InvoiceItem" },
  { entity: "InvoiceItem", sort: ["Date DESC"] },
  { entity: "InvoiceLineItem" },
  { entity: "InvoiceLineItem", sort: ["Invoice DESC", "Amount"] },
  { entity: "v2.Account" },
  { entity: "v2.Account", sort: ["Created DESC"] },
].map((subject) => () => subject);
const ofInvoice = (): Subject => ({ entity: "InvoiceLineItem", filter: `Invoice = '${invoice}'` });

/** A listing whose table is changed between its pages. */
class ChangedListing {
  readonly #subject: Subject;
  readonly #toCome: Set<string>;
  readonly #given: string[][] = [];
  readonly #added: string[] = [];

  private constructor(subject: Subject, ids: readonly string[]) {
    this.#subject = subject;
    this.#toCome = new Set(ids);
  }

  static async start(subject: Subject): Promise<ChangedListing> {
    await fill(subject);
    return new ChangedListing(subject, await matchingIds(subject));
  }

  /** Walks all pages with a change before each but the first; what was there must come once, unless it is deleted first. */
  async walk(changes: readonly Change[], size: number): Promise<void> {
    const { entity, filter, sort = [] } = this.#subject;
    const there = new Set(this.#toCome);
    const input = {
      entity,
      listEntitiesPageSize: size,
      listEntitiesSortByColumns: sort,
      ...(filter === undefined ? {} : { filterClause: filter }),
    };
    const pages = await listPages(connected.connector, input, (page) => {
      this.#take(page);
      for (const one of changes.slice(this.#given.length - 1, this.#given.length + 1)) this.#apply(one);
    });
    this.#take(pages.at(-1) ?? []);
    const given = this.#given.flat();
    expect(given.filter((id, index) => given.indexOf(id) !== index)).toEqual([]);
    expect([...this.#toCome]).toEqual([]);
    expect(given.filter((id) => !there.has(id) && !this.#added.includes(id))).toEqual([]);
  }

  #take(page: readonly EntityFields[]): void {
    const ids = idsOf(page);
    this.#given.push([...ids]);
    for (const id of ids) this.#toCome.delete(id);
  }

  #apply(one: Change): void {
    const page = this.#given.at(-1) ?? [];
    switch (one.kind) {
      case "insert newer":
        this.#insert(undefined, one.count, 1);
        break;
      case "insert in the second of the page's last row":
        this.#insert(page.at(-1), one.count, 0);
        break;
      case "insert in the second of a row still to come":
        this.#insert([...this.#toCome].at(0), one.count, 0);
        break;
      case "delete the last row of the page":
        this.#delete(page.slice(-1));
        break;
      case "delete the page":
        this.#delete(page);
        break;
      case "delete an earlier page":
        this.#delete(this.#given[one.which % this.#given.length] ?? []);
        break;
      case "delete rows still to come":
        this.#delete([...this.#toCome].slice(0, one.count));
        break;
    }
  }

  #insert(like: string | undefined, rows: number, secondsLater: number): void {
    const { entity } = this.#subject;
    const model = like !== undefined && isThere(entity, like) ? like : undefined;
    for (let row = 0; row < rows; row += 1) {
      const createdSeconds = model === undefined ? undefined : file.created(entity, model) + secondsLater;
      this.#added.push(file.insertLike(entity, { like: model, createdSeconds }));
    }
  }

  #delete(ids: readonly string[]): void {
    const gone = ids.filter((id) => !kept.has(id));
    file.delete(this.#subject.entity, gone);
    for (const id of gone) this.#toCome.delete(id);
  }
}

/** Rows that stay, for others to be made like them, and for lines to have an invoice. */
const kept = new Set<string>();

function isThere(entity: string, id: string): boolean {
  try {
    return file.created(entity, id) > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

async function matchingIds({ entity, filter }: Subject): Promise<readonly string[]> {
  const { rows } = await running.query(`SELECT Id FROM ${entity}${filter === undefined ? "" : ` WHERE ${filter}`}`);
  return rows.map((row) => String(row["Id"]));
}

/** Sees to some rows to list, of several seconds and with ties among them, and to not too many. */
async function fill(subject: Subject): Promise<void> {
  const ids = await matchingIds(subject);
  const model = ids.find((id) => kept.has(id)) ?? ids[0];
  if (model === undefined) throw new Error(`no ${subject.entity} to list`);
  kept.add(model);
  file.delete(
    subject.entity,
    ids.slice(wantedRows).filter((id) => !kept.has(id)),
  );
  const seconds = file.created(subject.entity, model);
  for (let row = ids.length; row < wantedRows; row += 1) {
    file.insertLike(subject.entity, { like: model, createdSeconds: seconds + (row % 5) });
  }
}

const wantedRows = 15;

const run = (subject: Subject, seed: number) =>
  fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.integer({ min: 2, max: 6 }), async (changes, size) => {
      const listing = await ChangedListing.start(subject);
      await listing.walk(changes, size);
    }),
    // Sorted listings read everything for each page.
    { numRuns: subject.sort === undefined ? 5 : 2, seed, endOnFailure: true },
  );

describe("rows that are added and deleted between pages take no other row away, and none is given twice", () => {
  test.each(subjects.map((subject) => [describeSubject(subject()), subject] as const))("%s", (_, subject) =>
    run(subject(), 3),
  );

  test("InvoiceLineItem of one invoice", () => run(ofInvoice(), 4));
});

function describeSubject({ entity, filter, sort }: Subject): string {
  return [
    entity,
    ...(filter === undefined ? [] : [filter]),
    ...(sort === undefined ? [] : [`by ${sort.join(", ")}`]),
  ].join(" ");
}

async function addCustomers(wanted: number): Promise<void> {
  for (let row = 0; row < wanted; row += 1) {
    await connected.connector.createEntity({ entity: "Customer", connectorInputPayload: { Name: `Customer ${row}` } });
  }
}

describe("a loop that deletes what each page gives", () => {
  test.each([
    ["Customer", "Balance <= 0", 4],
    ["Customer", undefined, 7],
    ["Coupon", undefined, 1],
    ["InvoiceItem", undefined, 5],
    ["Product", undefined, 3],
  ] as const)("leaves nothing: %s %s", async (entity, filter, size) => {
    kept.clear();
    if (entity === "Customer") await addCustomers(9);
    await fill({ entity, ...(filter === undefined ? {} : { filter }) });
    if (entity === "InvoiceItem") file.setAll("InvoiceItem", "$.invoice", null);
    if (entity === "Product") file.delete("Price", await matchingIds({ entity: "Price" }));
    const before = (await matchingIds({ entity, ...(filter === undefined ? {} : { filter }) })).length;
    const input = { entity, listEntitiesPageSize: size, ...(filter === undefined ? {} : { filterClause: filter }) };
    const deleted: string[] = [];
    const remove = async (page: readonly EntityFields[]) => {
      for (const id of idsOf(page)) {
        await connected.connector.deleteEntity({ entity, entityId: id });
        deleted.push(id);
      }
    };
    const pages = await listPages(connected.connector, input, remove);
    await remove(pages.at(-1) ?? []);
    expect(deleted).toHaveLength(before);
    expect(await matchingIds({ entity, ...(filter === undefined ? {} : { filter }) })).toEqual([]);
  });
});
