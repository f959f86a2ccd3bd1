import fc from "fast-check";

/** Values of the sandbox's rows that conditions are made of. */
export interface QueryFacts {
  readonly emails: readonly string[];
  readonly customers: readonly string[];
  readonly invoices: readonly string[];
  readonly charges: readonly string[];
  readonly times: readonly string[];
}

/** A statement, and whether its rows come in an order that it names whole. */
export interface GeneratedQuery {
  readonly sql: string;
  readonly isOrdered: boolean;
}

interface JoinEdge {
  readonly table: string;
  readonly alias: string;
  readonly on: string;
  readonly columns: readonly string[];
}

const edges: Readonly<Record<string, readonly JoinEdge[]>> = {
  Charge: [
    { table: "Customer", alias: "c", on: "c.Id = t.Customer", columns: ["c.Email", "c.Id"] },
    { table: "PaymentIntent", alias: "p", on: "t.PaymentIntent = p.Id", columns: ["p.Status", "p.Amount"] },
    { table: "Dispute", alias: "d", on: "d.Charge = t.Id", columns: ["d.Status", "d.Reason"] },
    { table: "Refund", alias: "r", on: "r.Charge = t.Id", columns: ["r.Amount", "r.Reason"] },
    { table: "BalanceTransaction", alias: "b", on: "b.Id = t.BalanceTransaction", columns: ["b.Net", "b.Type"] },
  ],
  Invoice: [
    { table: "Customer", alias: "c", on: "c.Id = t.Customer", columns: ["c.Email", "c.Name"] },
    { table: "InvoiceLineItem", alias: "l", on: "l.Invoice = t.Id", columns: ["l.Amount", "l.Id"] },
    { table: "Subscription", alias: "s", on: "s.LatestInvoice = t.Id", columns: ["s.Status", "s.Id"] },
  ],
  Subscription: [
    { table: "Customer", alias: "c", on: "t.Customer = c.Id", columns: ["c.Email", "c.Delinquent"] },
    { table: "SubscriptionItem", alias: "i", on: "i.Subscription = t.Id", columns: ["i.Price", "i.Quantity"] },
    { table: "Invoice", alias: "v", on: "t.LatestInvoice = v.Id", columns: ["v.Status", "v.Total"] },
  ],
  Dispute: [
    { table: "Charge", alias: "h", on: "h.Id = t.Charge", columns: ["h.Amount", "h.Status"] },
    { table: "PaymentIntent", alias: "p", on: "p.Id = t.PaymentIntent", columns: ["p.Status", "p.Amount"] },
  ],
  Price: [{ table: "Product", alias: "o", on: "o.Id = t.Product", columns: ["o.Name", "o.Active"] }],
};

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  Charge: ["t.Id", "t.Amount", "t.Status", "t.Customer", "t.Created"],
  Invoice: ["t.Id", "t.Total", "t.Status", "t.Customer", "t.Created"],
  Subscription: ["t.Id", "t.Status", "t.Customer", "t.CollectionMethod", "t.Created"],
  Dispute: ["t.Id", "t.Amount", "t.Status", "t.Charge", "t.Created"],
  Price: ["t.Id", "t.UnitAmount", "t.Currency", "t.Product", "t.Created"],
};

const quoted = (values: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...values, "nobody").map((value) => `'${value}'`);

function conditionsOn(table: string, facts: QueryFacts): fc.Arbitrary<string> {
  const time = quoted(facts.times.slice(0, -1)).filter((text) => text !== "'nobody'");
  const day = time.map((text) => `${text.slice(0, 11)}'`);
  const ofAll = [
    time.map((text) => `t.Created >= ${text}`),
    time.map((text) => `t.Created < ${text}`),
    day.map((text) => `t.Created::DATE = ${text}`),
    day.map((text) => `date_trunc('month', t.Created) >= ${text}`),
    fc.constantFrom(
      "year(t.Created) = 2026",
      "strftime(t.Created, '%Y-%m') = '2026-09'",
      "t.Created > now() - INTERVAL 90 DAY",
    ),
    fc.constantFrom(
      "t.Created < now()",
      "t.Created BETWEEN '2026-03-01' AND '2026-08-01'",
      "1 = 1",
      "t.Id IS NOT NULL",
    ),
  ];
  const own: Readonly<Record<string, readonly fc.Arbitrary<string>[]>> = {
    Charge: [
      fc.constantFrom(
        "t.Status = 'failed'",
        "t.Status <> 'succeeded'",
        "t.Refunded",
        "t.Amount > 3000",
        "t.Paid <> false",
      ),
      quoted(facts.customers).map((id) => `t.Customer = ${id}`),
      fc.tuple(quoted(facts.charges), quoted(facts.charges)).map(([a, b]) => `t.Id IN (${a}, ${b})`),
      quoted(facts.emails).map((email) => `t.Customer IN (SELECT Id FROM Customer WHERE Email = ${email})`),
      fc.constant("EXISTS (SELECT 1 FROM Refund x WHERE x.Charge = t.Id)"),
      fc.constant("NOT EXISTS (SELECT 1 FROM Dispute x WHERE x.Charge = t.Id)"),
    ],
    Invoice: [
      fc.constantFrom(
        "t.Status = 'open'",
        "t.Status IN ('draft', 'open')",
        "t.Status <> 'paid'",
        "t.CollectionMethod <> 'send_invoice'",
      ),
      quoted(facts.customers).map((id) => `t.Customer = ${id}`),
      quoted(facts.emails).map((email) => `t.Customer = (SELECT min(Id) FROM Customer WHERE Email = ${email})`),
      quoted(facts.invoices).map((id) => `t.Id = ${id}`),
    ],
    Subscription: [
      fc.constantFrom(
        "t.Status = 'active'",
        "t.Status = 'canceled'",
        "t.CancelAtPeriodEnd",
        "t.Status NOT IN ('active')",
      ),
      quoted(facts.customers).map((id) => `t.Customer = ${id}`),
      fc.constant(
        "t.Customer NOT IN (SELECT Customer FROM Dispute d JOIN Charge h ON h.Id = d.Charge WHERE Customer IS NOT NULL)",
      ),
    ],
    Dispute: [
      fc.constantFrom("t.Status = 'lost'", "t.Reason = 'fraudulent'"),
      quoted(facts.charges).map((id) => `t.Charge = ${id}`),
      fc.constant("t.Charge IN (SELECT Id FROM Charge WHERE Amount > 5000)"),
    ],
    Price: [
      fc.constantFrom("t.Active", "NOT t.Active", "t.Active <> false", "t.Currency = 'usd'", "t.Type = 'recurring'"),
    ],
  };
  return fc.oneof(...ofAll, ...(own[table] ?? []), ...(own[table] ?? []));
}

const wheres = (table: string, facts: QueryFacts): fc.Arbitrary<string> =>
  fc
    .array(conditionsOn(table, facts), { maxLength: 2 })
    .chain((all) =>
      fc.constantFrom(" AND ", " AND ", " OR ").map((word) => (all.length === 0 ? "" : ` WHERE ${all.join(word)}`)),
    );

const joins = (table: string): fc.Arbitrary<readonly { readonly edge: JoinEdge; readonly kind: string }[]> =>
  fc.uniqueArray(
    fc.record({
      edge: fc.constantFrom(...(edges[table] ?? [])),
      kind: fc.constantFrom(
        "JOIN",
        "JOIN",
        "LEFT JOIN",
        "LEFT JOIN",
        "RIGHT JOIN",
        "FULL JOIN",
        "SEMI JOIN",
        "ANTI JOIN",
      ),
    }),
    { maxLength: 2, selector: ({ edge }) => edge.alias },
  );

interface Shape {
  readonly table: string;
  readonly from: string;
  readonly columns: readonly string[];
  readonly where: string;
}

function shapes(facts: QueryFacts): fc.Arbitrary<Shape> {
  return fc.constantFrom(...Object.keys(columnsOf)).chain((table) =>
    fc.record({ joined: joins(table), where: wheres(table, facts) }).map(({ joined, where }) => {
      const shown = joined.filter(({ kind }) => kind !== "SEMI JOIN" && kind !== "ANTI JOIN");
      // What hides its right side stands last, so that no ON behind it names that.
      const ordered = [...shown, ...joined.filter((join) => !shown.includes(join))];
      const from = ordered.reduce(
        (text, { edge, kind }) => `${text} ${kind} ${edge.table} ${edge.alias} ON ${edge.on}`,
        `${table} t`,
      );
      return {
        table,
        from,
        columns: [...(columnsOf[table] ?? []), ...shown.flatMap(({ edge }) => edge.columns)],
        where,
      };
    }),
  );
}

const named = (columns: readonly string[]): string =>
  columns.map((column, index) => `${column} AS k${index}`).join(", ");

/** Every row tells itself apart: by the order of all of its columns. */
const byAll = (count: number): string => Array.from({ length: count }, (_, index) => index + 1).join(", ");

/** Statements with joins, subqueries, common tables, set operations, windows and limits. */
export function generatedQueries(facts: QueryFacts): fc.Arbitrary<GeneratedQuery> {
  const shape = shapes(facts);
  const rows = shape.map(({ from, columns, where }) => ({
    sql: `SELECT ${named(columns)} FROM ${from}${where}`,
    isOrdered: false,
  }));
  const limited = fc
    .tuple(shape, fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 0, 3))
    .map(([{ from, columns, where }, limit, offset]) => ({
      sql: `SELECT ${named(columns)} FROM ${from}${where} ORDER BY t.Created DESC, ${byAll(columns.length)} LIMIT ${limit} OFFSET ${offset}`,
      isOrdered: true,
    }));
  const oldest = fc.tuple(shape, fc.integer({ min: 1, max: 5 })).map(([{ table, where }, limit]) => ({
    sql: `SELECT t.Created FROM ${table} t${where} ORDER BY Created LIMIT ${limit}`,
    isOrdered: true,
  }));
  const extremes = fc
    .tuple(shape, fc.constantFrom("min(Created)", "max(Created)", "min(Created), max(Created)"))
    .map(([{ table, where }, items]) => ({
      sql: `SELECT ${items} FROM ${table} t${where}`,
      isOrdered: true,
    }));
  const wrapped = fc
    .tuple(shape, shape, fc.constantFrom("derived", "common", "union", "group", "window", "distinct", "twice"))
    .map(([one, other, kind]) => ({
      sql: wrappedSql(one, other, kind),
      isOrdered: false,
    }));
  return fc.oneof(rows, rows, limited, limited, oldest, extremes, wrapped, wrapped, wrapped);
}

type Wrapping = "derived" | "common" | "union" | "group" | "window" | "distinct" | "twice";

function wrappedSql({ from, columns, where, table }: Shape, other: Shape, kind: Wrapping): string {
  const select = `SELECT ${named(columns)} FROM ${from}`;
  const outer = where.replaceAll("t.Created", "q.k4").replaceAll("t.Id", "q.k0");
  const own = / t\./.test(outer.replace(/\(SELECT.*\)/g, "")) || outer.includes("t.") ? "" : outer;
  switch (kind) {
    case "derived":
      return `SELECT * FROM (${select}) q${own}`;
    case "common":
      return `WITH q AS (${select}) SELECT k0, k4 FROM q${own}`;
    case "union":
      return `SELECT * FROM (SELECT t.Id AS i, t.Created AS m FROM ${table} t${where} UNION ALL SELECT t.Id, t.Created FROM ${other.table} t${other.where}) q WHERE m >= '2026-06-01'`;
    case "group":
      return `SELECT * FROM (SELECT t.${statusOf(table)} AS g, count(*) AS n, max(t.Created) AS m FROM ${from}${where} GROUP BY 1) q WHERE g <> 'x' AND n > 0`;
    case "window":
      return `SELECT * FROM (SELECT t.Id, t.${statusOf(table)} AS g, row_number() OVER (PARTITION BY t.${statusOf(table)} ORDER BY t.Created DESC, t.Id) AS n FROM ${from}${where}) q WHERE n <= 2 AND g <> 'x'`;
    case "distinct":
      return `SELECT DISTINCT t.${statusOf(table)} FROM ${from}${where}`;
    case "twice":
      return `WITH q AS (SELECT t.Id AS i, t.Created AS m FROM ${table} t) SELECT i FROM q WHERE m >= '2026-09-01' UNION SELECT i FROM q WHERE m < '2026-02-01'`;
  }
}

const statusOf = (table: string): string => (table === "Price" ? "Currency" : "Status");
