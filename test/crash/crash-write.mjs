/**
 * A write of a random kind and size, and how to tell what became of it: `truth` gives the id of the object that each call
 * wrote by the call's place, and what was written twice or otherwise than it should be.
 */
export async function drawWrite({ server, random, name, most }) {
  const calls = 20 + random.below(most - 19);
  const kind = random.of([
    "insert",
    "insert",
    "insert select",
    "insert on conflict",
    "insert product",
    "update",
    "delete",
    "exec",
  ]);
  const email = `${name}@example.com`;
  const customers = async () => (await server.list("/v1/customers", { email })).map((row) => [row, Number(row.phone)]);
  const places = Array.from({ length: calls }, (_, place) => place);
  switch (kind) {
    case "insert":
      return {
        ...{ kind, calls, method: "POST", path: "/v1/customers" },
        sql: `INSERT INTO Customer (Email, Phone) VALUES ${places.map((place) => `('${email}', '${place}')`).join(", ")}`,
        truth: async () => once(await customers()),
      };
    case "insert select":
      return {
        ...{ kind, calls, method: "POST", path: "/v1/customers" },
        sql: `INSERT INTO Customer (Email, Phone) SELECT '${email}', n FROM range(${calls}) AS numbers(n)`,
        truth: async () => once(await customers()),
      };
    case "insert on conflict":
      return {
        ...{ kind, calls, method: "POST", path: "/v1/customers" },
        sql: `INSERT INTO Customer (Email, Phone) VALUES ${places.map((place) => `('${email}', '${place}')`).join(", ")} ON CONFLICT (Email, Phone) DO NOTHING`,
        truth: async () => once(await customers()),
      };
    case "insert product":
      return {
        ...{ kind, calls, method: "POST", path: "/v1/products" },
        sql: `INSERT INTO Product (Name, Description) VALUES ${places.map((place) => `('${name}', '${place}')`).join(", ")}`,
        truth: async () => {
          const products = await server.list("/v1/products");
          return once(products.filter((row) => row.name === name).map((row) => [row, Number(row.description)]));
        },
      };
    case "update":
      return update({ server, calls, name, email });
    case "exec":
      return finalize({ server, calls, name, email });
    default:
      return remove({ server, calls, email, places, customers });
  }
}

/** Each row once. */
function once(rows) {
  const done = new Map();
  const problems = [];
  for (const [{ id }, place] of rows) {
    if (done.has(place)) problems.push(`call ${place + 1} was carried out twice: ${done.get(place)}, ${id}`);
    done.set(place, id);
  }
  return { done, problems };
}

async function update({ server, calls, name, email }) {
  await makeCustomers(server, calls, email);
  const sql = `UPDATE Customer SET Description = '${name}' WHERE Email = '${email}'`;
  const truth = async () => {
    const rows = await server.list("/v1/customers", { email });
    const done = new Map(
      rows.map((row, place) => [place, row.id]).filter((_, place) => rows[place].description === name),
    );
    return { done, problems: await changedTwice(server, "customer.updated", (row) => row.description === name) };
  };
  return { kind: "update", calls, sql, method: "POST", path: "/v1/customers/", truth };
}

/** A procedure for each row of a query: invoices of nothing are paid as they are finalized. */
async function finalize({ server, calls, name, email }) {
  await server.order({ faults: [] });
  const { id: customer } = await server.call("POST", "/v1/customers", { email });
  for (let place = 0; place < calls; place += 1)
    await server.call("POST", "/v1/invoices", { customer, description: name });
  const drafts = `Customer = '${customer}' AND Description = '${name}' AND Status = 'draft'`;
  const sql = `EXEC FinalizeInvoice InvoiceId = Id FROM Invoice WHERE ${drafts}`;
  const truth = async () => {
    const rows = await server.list("/v1/invoices", { customer });
    const done = new Map(
      rows.map((row, place) => [place, row.id]).filter((_, place) => rows[place].status !== "draft"),
    );
    return { done, problems: await changedTwice(server, "invoice.paid", (row) => row.customer === customer) };
  };
  return { kind: "exec", calls, sql, method: "POST", path: "/v1/invoices/", truth };
}

/** The objects of a run that more than one event of the type tells of. */
async function changedTwice(server, type, isOfRun) {
  const changes = new Map();
  for (const event of await server.list("/v1/events", { type })) {
    const row = event.data.object;
    if (isOfRun(row)) changes.set(row.id, (changes.get(row.id) ?? 0) + 1);
  }
  return [...changes].filter(([, times]) => times > 1).map(([id, times]) => `${id} was changed ${times} times`);
}

async function remove({ server, calls, email }) {
  const made = await makeCustomers(server, calls, email);
  const sql = `DELETE FROM Customer WHERE Email = '${email}'`;
  const truth = async () => {
    const left = new Set((await server.list("/v1/customers", { email })).map(({ id }) => id));
    // Those that were made last are listed first.
    const places = [...made].reverse().map((id, place) => [place, id]);
    return { done: new Map(places.filter(([, id]) => !left.has(id))), problems: [] };
  };
  return { kind: "delete", calls, sql, method: "DELETE", path: "/v1/customers/", truth };
}

async function makeCustomers(server, calls, email) {
  await server.order({ faults: [] });
  const ids = [];
  for (let place = 0; place < calls; place += 1)
    ids.push((await server.call("POST", "/v1/customers", { email, phone: String(place) })).id);
  return ids;
}
