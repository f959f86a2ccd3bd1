import { drawCondition, statementTables } from "./statement-tables.mjs";

/**
 * A SELECT whose answer is one alone: where it is ordered, the order tells every two rows apart.
 *
 * @returns `text` and `commons` as rendered-statement.mjs reads them, `isOrdered`, the `shape` that it was made after, and
 *   `anyRows` where it takes so many of the rows, whichever they are.
 */
export function generateStatement(random, facts) {
  const draw = { random, facts };
  const [shape, make] = random.of(shapes);
  return { shape, commons: [], isOrdered: false, ...make(draw) };
}

const aliases = ["t", "u", "v", "w"];

/** FROM with up to three joins, the columns that it shows, and the alias of each table in it. */
function drawFrom(draw, { least = 0, most = 3, table = draw.random.of(Object.keys(statementTables)) } = {}) {
  const { random } = draw;
  const shown = [{ table, alias: "t" }];
  const hiding = [];
  let from = `${sourceOf(draw, table)} t`;
  let many = 0;
  for (
    let left = Math.max(least, random.of([0, 0, 1, 1, 1, 2, 2, 3]));
    left > 0 && shown.length + hiding.length <= most;
    left -= 1
  ) {
    const to = random.of(shown);
    const edge = random.of(statementTables[to.table].joins.filter(({ isMany }) => !isMany || many < 2));
    if (edge === undefined) continue;
    const alias = aliases[shown.length + hiding.length];
    const kind = random.of(joinKinds);
    const more = random.chance(0.15) ? ` AND ${drawCondition(draw, edge.table, alias)}` : "";
    const text = ` ${kind} ${sourceOf(draw, edge.table)} ${alias} ON ${edge.on(to.alias, alias)}${withoutSubquery(more)}`;
    many += edge.isMany ? 1 : 0;
    // What hides its right side stands last, so that no ON behind it names that.
    if (kind === "SEMI JOIN" || kind === "ANTI JOIN") hiding.push({ alias, text });
    else {
      shown.push({ table: edge.table, alias });
      from += text;
    }
  }
  const columns = shown.flatMap(({ table: of, alias }) => columnsOf(of, alias));
  return { table, from: from + hiding.map(({ text }) => text).join(""), columns, shown };
}

const joinKinds = [
  ...["JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "LEFT JOIN"],
  ...["RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"],
];

/** DuckDB takes no subquery in the ON of every kind of join. */
const withoutSubquery = (condition) => (condition.includes("SELECT") ? "" : condition);

/** The table, or a derived one that conditions are asked of. */
function sourceOf(draw, table) {
  if (!draw.random.chance(0.12)) return `{${table}}`;
  const where = draw.random.chance(0.6) ? ` WHERE ${drawCondition(draw, table, "z")}` : "";
  return `(SELECT * FROM {${table}} z${where})`;
}

const columnsOf = (table, alias) => {
  const { columns, isTimeless } = statementTables[table];
  return ["Id", ...columns, ...(isTimeless ? [] : ["Created"])].map((column) => `${alias}.${column}`);
};

const isTimeless = (table) => statementTables[table].isTimeless === true;

/** Up to three conditions on the tables that are shown, most of them on the first. */
function drawWhere(draw, shown, { least = 0, word = " WHERE " } = {}) {
  const { random } = draw;
  const conditions = Array.from({ length: least + random.of([0, 1, 1, 2]) }, () => {
    const { table, alias } = random.chance(0.75) ? shown[0] : random.of(shown);
    const condition = drawCondition(draw, table, alias);
    return random.chance(0.04) ? `NOT (${condition})` : condition;
  });
  return conditions.length === 0 ? "" : `${word}${conditions.join(random.chance(0.8) ? " AND " : " OR ")}`;
}

const named = (columns) => columns.map((column, index) => `${column} AS k${index}`).join(", ");
const byAll = (count) => Array.from({ length: count }, (_, index) => index + 1).join(", ");
/** A column of few values, and conditions on it by another name. */
function drawGroup({ random }, table) {
  const column = random.of(statementTables[table].groups);
  const isText = !["Delinquent", "Paid", "Active", "Quantity"].includes(column);
  const conditions = isText
    ? ["@ <> 'x'", "@ IN ('open', 'active', 'failed', 'usd', 'recurring')", "@ IS NOT NULL", "@ LIKE '%e%'"]
    : ["@ IS NOT NULL", "@ = 1"];
  return { key: `t.${column}`, condition: (name) => random.of(conditions).replaceAll("@", name) };
}
const numberOf = (table, alias) => {
  const { number } = statementTables[table];
  return number.includes("@") ? number.replaceAll("@", alias) : `${alias}.${number}`;
};

/** SELECT of plain columns, with an extra column that a subquery computes now and then. */
function drawSelect(draw, options) {
  const { table, from, columns, shown } = drawFrom(draw, options);
  const where = drawWhere(draw, shown);
  return { table, columns, shown, from, where, text: `SELECT ${named(columns)} FROM ${from}${where}` };
}

function computedColumn({ random }, shown) {
  const counted = {
    Charge: ["Refund", "Charge"],
    Customer: ["Charge", "Customer"],
    Invoice: ["InvoiceLineItem", "Invoice"],
    Subscription: ["SubscriptionItem", "Subscription"],
    Product: ["Price", "Product"],
  };
  const { table, alias } = random.of(shown);
  const [child, key] = counted[table] ?? [];
  if (child === undefined) return `CASE WHEN ${alias}.Id IN (SELECT Charge FROM {Dispute}) THEN 'y' ELSE 'n' END`;
  return random.of([
    `(SELECT count(*) FROM {${child}} x WHERE x.${key} = ${alias}.Id)`,
    `(SELECT max(Id) FROM {${child}} x WHERE x.${key} = ${alias}.Id)`,
    `EXISTS (SELECT 1 FROM {${child}} x WHERE x.${key} = ${alias}.Id)`,
  ]);
}

const pageOf = ({ random }) =>
  `LIMIT ${1 + random.below(12)}${random.chance(0.3) ? ` OFFSET ${random.of([1, 3, 10])}` : ""}`;

/** By time, and what it leaves open by all columns. */
function drawOrder(draw, table, count) {
  if (isTimeless(table)) return `ORDER BY ${byAll(count)}`;
  const first = draw.random.of(["t.Created DESC", "t.Created DESC", "t.Created DESC", "t.Created", "t.Created ASC"]);
  const ties = draw.random.chance(0.5) ? "t.Id, " : "";
  return `ORDER BY ${first}, ${ties}${byAll(count)}`;
}

/** Conditions in few of the statements: what is asked for is found without them. */
const rareWhere = (draw, table) => (draw.random.chance(0.4) ? drawWhere(draw, [{ table, alias: "t" }]) : "");

const withTime = (draw) => draw.random.of(Object.keys(statementTables).filter((table) => !isTimeless(table)));

const rows = (draw) => ({ text: drawSelect(draw).text });

const computed = (draw) => {
  const { from, columns, shown } = drawFrom(draw, { most: 2 });
  const all = [...columns, computedColumn(draw, shown)];
  return { text: `SELECT ${named(all)} FROM ${from}${drawWhere(draw, shown)}` };
};

const limited = (draw) => {
  const { table, columns, text } = drawSelect(draw);
  return { text: `${text} ${drawOrder(draw, table, columns.length)} ${pageOf(draw)}`, isOrdered: true };
};

const newestOfOne = (draw) => {
  const table = withTime(draw);
  const { text, columns } = drawSelect(draw, { most: 0, table });
  return {
    text: `${text} ORDER BY t.Created${draw.random.of(["", " DESC", " DESC"])}, ${byAll(columns.length)} ${pageOf(draw)}`,
    isOrdered: true,
  };
};

const oldest = (draw) => {
  const table = withTime(draw);
  const where = rareWhere(draw, table);
  return {
    text: `SELECT t.Created FROM {${table}} t${where} ORDER BY Created LIMIT ${1 + draw.random.below(5)}`,
    isOrdered: true,
  };
};

const extremes = (draw) => {
  const table = withTime(draw);
  const where = rareWhere(draw, table);
  return {
    text: `SELECT ${draw.random.of(["min(Created)", "max(Created)", "min(Created), max(Created)"])} FROM {${table}} t${where}`,
  };
};

const derived = (draw) => {
  const { table, text, columns } = drawSelect(draw, { most: 2 });
  const time = isTimeless(table) ? undefined : columns.indexOf("t.Created");
  const conditions = [`q.k0 <> 'nobody'`, `q.k1 IS NOT NULL`];
  if (time !== undefined)
    conditions.push(
      ...[
        `q.k${time} >= '2026-08-01'`,
        `year(q.k${time}) = 2026`,
        `q.k${time}::DATE < '2026-05-01'`,
        `q.k${time} >= '2026-10-20'`,
      ],
    );
  const outer = `SELECT * FROM (${text}) q WHERE ${draw.random.of(conditions)}`;
  if (!draw.random.chance(0.5) || time === undefined) return { text: outer };
  return {
    text: `${outer} ORDER BY q.k${time} ${draw.random.of(["DESC", "ASC"])}, ${byAll(columns.length)} ${pageOf(draw)}`,
    isOrdered: true,
  };
};

/** Common tables, one of another, each named once or more. */
const common = (draw) => {
  const { random } = draw;
  const table = withTime(draw);
  const time = statementTables[table].columns.length + 1;
  const first = `SELECT ${named(columnsOf(table, "t"))} FROM {${table}} t${drawWhere(draw, [{ table, alias: "t" }])}`;
  const commons = [{ name: "q0", body: first }];
  if (random.chance(0.6))
    commons.push({
      name: "q1",
      body: `SELECT k0, k1, k${time} FROM {q0} WHERE k${time} ${random.of([">=", "<"])} '2026-0${1 + random.below(9)}-01'`,
    });
  const last = `{${commons.at(-1).name}}`;
  const edge = random.of(statementTables[table].joins);
  const text = random.of([
    `SELECT k0, k${time} FROM ${last} a WHERE k${time} >= '2026-04-01'`,
    `SELECT a.k0, b.k${time} FROM ${last} a JOIN {q0} b ON b.k0 = a.k0`,
    `SELECT k0 FROM ${last} a WHERE a.k${time} >= '2026-09-01' UNION SELECT k0 FROM {q0} b WHERE b.k${time} < '2026-02-01'`,
    `SELECT t.Id, x.Id AS j FROM {${table}} t JOIN ${last} a ON a.k0 = t.Id LEFT JOIN {${edge.table}} x ON ${edge.on("t", "x")}`,
    `SELECT count(*) AS n, max(k${time}) AS m FROM ${last} a WHERE k0 NOT IN (SELECT k0 FROM {q0} b WHERE b.k${time} >= '2026-09-15')`,
    `SELECT t.Id FROM {${table}} t WHERE t.Id IN (SELECT k0 FROM ${last} a)`,
  ]);
  return { commons, text };
};

const setOperations = ["UNION", "UNION ALL", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL"];

const sets = (draw) => {
  const { random } = draw;
  const side = (table) =>
    `SELECT t.Id AS i, t.${random.of(["Created", "Created"])} AS m FROM {${table}} t${drawWhere(draw, [{ table, alias: "t" }])}`;
  const table = withTime(draw);
  const other = random.chance(0.6) ? table : withTime(draw);
  const third = random.chance(0.25) ? ` ${random.of(setOperations)} ${side(table)}` : "";
  const text = `${side(table)} ${random.of(setOperations)} ${side(other)}${third}`;
  return random.of([
    { text },
    { text: `SELECT * FROM (${text}) q WHERE m >= '2026-06-01'` },
    { text: `SELECT * FROM (${text}) q WHERE m < '2026-04-01' AND i <> 'x'` },
    { text: `SELECT * FROM (${text}) q ORDER BY m DESC, i LIMIT ${1 + random.below(8)}`, isOrdered: true },
    { text: `${text} ORDER BY m DESC, i LIMIT ${1 + random.below(8)}`, isOrdered: true },
  ]);
};

const grouped = (draw) => {
  const { random } = draw;
  const { table, from, shown } = drawFrom(draw, { most: 2 });
  const { key, condition } = drawGroup(draw, table);
  const where = drawWhere(draw, shown);
  const sum = `sum(${numberOf(table, "t")})`;
  const last = isTimeless(table) ? "max(t.Id)" : random.of(["max(t.Created)", "min(t.Created)", "max(t.Id)"]);
  const having = random.of([
    "",
    "",
    ` HAVING count(*) > 1`,
    ` HAVING ${condition(key)}`,
    ` HAVING ${sum} > 100 AND ${condition(key)}`,
    ` HAVING ${condition("g")}`,
  ]);
  const by = random.of(["1", key, `ROLLUP (${key})`, "1"]);
  const text = `SELECT ${key} AS g, count(*) AS n, ${sum} AS s, ${last} AS m, count(*) FILTER (WHERE ${numberOf(table, "t")} > 2000) AS f FROM ${from}${where} GROUP BY ${by}${by.startsWith("ROLLUP") ? "" : having}`;
  return random.of([
    { text },
    { text },
    { text: `SELECT * FROM (${text}) q WHERE ${condition("g")} AND n > 0` },
    { text: `${text} ORDER BY n DESC, 1, 3, 4 LIMIT 5`, isOrdered: true },
  ]);
};

const windowed = (draw) => {
  const { random } = draw;
  const { table, from, shown } = drawFrom(draw, { most: 2 });
  const { key, condition } = drawGroup(draw, table);
  // Joined rows too must stand in one order.
  const order = `${isTimeless(table) ? "" : `t.Created${random.of([" DESC", " DESC", ""])}, `}${shown.map(({ alias }) => `${alias}.Id`).join(", ")}`;
  const where = drawWhere(draw, shown);
  const ids = shown.map(({ alias }) => `${alias}.Id`);
  const window = random.of([
    `row_number() OVER (PARTITION BY ${key} ORDER BY ${order})`,
    `row_number() OVER (PARTITION BY ${key} ORDER BY ${order})`,
    `row_number() OVER (ORDER BY ${order})`,
    `lag(t.Id) OVER (PARTITION BY ${key} ORDER BY ${order})`,
    `count(*) OVER (PARTITION BY ${key})`,
    `sum(${numberOf(table, "t")}) OVER (PARTITION BY ${key})`,
  ]);
  const items = `${named(ids)}, ${key} AS g, ${window} AS n`;
  if (!window.startsWith("row_number"))
    return { text: `SELECT ${items} FROM ${from}${where}${random.chance(0.3) ? ` QUALIFY ${condition(key)}` : ""}` };
  const most = 1 + random.below(5);
  const text = random.of([
    `SELECT * FROM (SELECT ${items} FROM ${from}${where}) q WHERE n <= ${most}`,
    `SELECT * FROM (SELECT ${items} FROM ${from}${where}) q WHERE n <= ${most} AND ${condition("g")}`,
    `SELECT ${items} FROM ${from}${where} QUALIFY n <= ${most}`,
    `SELECT ${items} FROM ${from}${where} QUALIFY ${window} = 1`,
  ]);
  return { text };
};

const distinct = (draw) => {
  const { table, from, shown } = drawFrom(draw, { most: 2 });
  const where = drawWhere(draw, shown);
  const { key } = drawGroup(draw, table);
  if (draw.random.chance(0.6)) return { text: `SELECT DISTINCT ${key} FROM ${from}${where}` };
  const ids = shown.map(({ alias }) => `${alias}.Id`).join(", ");
  return {
    text: `SELECT DISTINCT ON (${key}) ${key}, ${ids} FROM ${from}${where} ORDER BY ${key}, ${ids}`,
    isOrdered: true,
  };
};

const lateral = (draw) => {
  const { random } = draw;
  const [table, child, key] = random.of([
    ["Charge", "Refund", "Charge"],
    ["Customer", "Charge", "Customer"],
    ["Customer", "Invoice", "Customer"],
    ["Dispute", "Refund", "Charge"],
    ["Subscription", "Invoice", "Subscription"],
    ["Product", "Price", "Product"],
  ]);
  const outer = table === "Dispute" ? "t.Charge" : "t.Id";
  const kind = random.of(["JOIN", "LEFT JOIN"]);
  const inner = random.of([
    `SELECT x.Id AS j, x.Created AS m FROM {${child}} x WHERE x.${key} = ${outer} ORDER BY x.Created DESC, x.Id LIMIT ${1 + random.below(2)}`,
    `SELECT count(*) AS j, max(x.Created) AS m FROM {${child}} x WHERE x.${key} = ${outer}`,
  ]);
  const where = drawWhere(draw, [{ table, alias: "t" }]);
  return { text: `SELECT t.Id, q.j, q.m FROM {${table}} t ${kind} LATERAL (${inner}) q ON TRUE${where}` };
};

const ownRows = (draw) => {
  const { random, facts } = draw;
  const [table, keys] = random.of([
    ["BalanceTransaction", facts.balanceTransactions],
    ["Charge", facts.charges],
    ["Customer", facts.customers],
    ["Invoice", facts.invoices],
    ["Price", facts.prices],
  ]);
  const values = Array.from({ length: 1 + random.below(5) }, () => `('${random.of([...keys, "nobody"])}')`).join(", ");
  const kind = random.of(["JOIN", "LEFT JOIN", "RIGHT JOIN", "SEMI JOIN", "ANTI JOIN"]);
  const shown = kind.startsWith("SEMI") || kind.startsWith("ANTI") ? "o.k" : `o.k, ${named(columnsOf(table, "t"))}`;
  return { text: `SELECT ${shown} FROM (VALUES ${values}) o(k) ${kind} {${table}} t ON t.Id = o.k` };
};

/** The newest of each, counted beside the table that they come from: one table in several parts of a statement. */
const twice = (draw) => {
  const table = withTime(draw);
  const key = draw.random.of(statementTables[table].groups);
  const where = drawWhere(draw, [{ table, alias: "t" }]);
  return {
    text: `SELECT t.Id, t.${key} AS g, b.n FROM {${table}} t JOIN (SELECT ${key} AS g, count(*) AS n, max(Created) AS m FROM {${table}} GROUP BY 1) b ON b.g = t.${key} AND b.m = t.Created${where}`,
  };
};

/** A LIMIT without an order: whichever rows come first. */
const first = (draw) => {
  const { table, from, columns, shown } = drawFrom(draw);
  const where = drawWhere(draw, draw.random.chance(0.5) ? shown : [{ table, alias: "t" }]);
  const select = `SELECT ${named(columns)} FROM ${from}${draw.random.chance(0.6) ? where : ""}`;
  const text = draw.random.chance(0.3) ? `SELECT * FROM (${select}) q WHERE q.k0 IS NOT NULL` : select;
  return { text, anyRows: 1 + draw.random.below(12) };
};

/** What Stripe's lists can filter by, so that parts of a statement ask for rows that overlap. */
const filters = {
  Invoice: ["Status = 'open'", "Status = 'draft'", "Status IN ('open', 'draft')", "CollectionMethod = 'send_invoice'"],
  Subscription: ["Status = 'active'", "Status = 'canceled'", "Status IN ('active', 'past_due')"],
  BalanceTransaction: ["Type = 'refund'", "Type IN ('refund', 'payout')", "Currency = 'usd'"],
  Price: ["Active", "Type = 'recurring'", "Currency = 'eur'"],
  Charge: [],
  PaymentIntent: [],
  Customer: [],
};

/** Several looks at one table side by side: numbers, or rows of each. */
const parts = (draw) => {
  const { random, facts } = draw;
  const table = random.of(Object.keys(filters));
  const [first, second] = [1 + random.below(5), 6 + random.below(4)];
  const ranges = [
    `Created >= '2026-0${first}-01'`,
    `Created >= '2026-0${second}-01'`,
    `Created < '2026-0${second}-01'`,
    `Created BETWEEN '2026-0${first}-01' AND '2026-0${second}-15'`,
  ];
  const customer = "Charge Invoice Subscription PaymentIntent".includes(table)
    ? [`Customer = '${random.of(facts.customers)}'`]
    : [];
  const where = () => {
    const drawn = [random.of([...filters[table], ...customer, ...ranges]), random.of(ranges)];
    return ` WHERE ${drawn.slice(0, random.of([1, 1, 2])).join(" AND ")}`;
  };
  const looks = Array.from({ length: 2 + random.below(2) }, where);
  if (random.chance(0.5))
    return {
      text: looks.map((one) => `SELECT Id, Created FROM {${table}}${one}`).join(random.of([" UNION ", " UNION ALL "])),
    };
  const numbers = looks.map((one) => `(SELECT ${random.of(["count(*)", "max(Id)"])} FROM {${table}}${one})`);
  return { text: `SELECT ${named(numbers)}` };
};

/** Few rows of one table, and what leads from them to others. */
const led = (draw) => {
  const { random, facts } = draw;
  const [table, column, values] = random.of([
    ["Charge", "Id", facts.charges],
    ["Charge", "Customer", facts.customers],
    ["Customer", "Email", facts.emails],
    ["Customer", "Id", facts.customers],
    ["Invoice", "Customer", facts.customers],
    ["Invoice", "Id", facts.invoices],
    ["Subscription", "Customer", facts.customers],
    ["SubscriptionItem", "Subscription", facts.subscriptions],
    ["BalanceTransaction", "Id", facts.balanceTransactions],
    ["PaymentIntent", "Id", facts.paymentIntents],
    ["Price", "Product", facts.products],
  ]);
  const { from, columns, shown } = drawFrom(draw, { table, least: 1 });
  const keys = Array.from({ length: 1 + random.below(2) }, () => `'${random.of([...values, "nobody"])}'`);
  const more = drawWhere(draw, shown, { word: " AND (" });
  const where = ` WHERE t.${column} IN (${keys.join(", ")})${more === "" ? "" : `${more})`}`;
  return { text: `SELECT ${named(columns)} FROM ${from}${where}` };
};

const counted = (draw) => {
  const { from, shown } = drawFrom(draw, { most: 2 });
  return { text: `SELECT count(*) AS n, count(DISTINCT t.Id) AS d FROM ${from}${drawWhere(draw, shown)}` };
};

/** Written as a comma and WHERE, as many people do. */
const implicit = (draw) => {
  const { random } = draw;
  const table = random.of(Object.keys(statementTables));
  const edge = random.of(statementTables[table].joins);
  const where = drawWhere(
    draw,
    [
      { table, alias: "t" },
      { table: edge.table, alias: "u" },
    ],
    { word: " AND " },
  );
  const columns = [...columnsOf(table, "t"), ...columnsOf(edge.table, "u")];
  return {
    text: `SELECT ${named(columns)} FROM {${table}} t, {${edge.table}} u WHERE ${edge.on("t", "u")}${where.includes(" OR ") ? ` AND (${where.slice(5)})` : where}`,
  };
};

/** Name, and how often it is drawn beside the others. */
const shapes = [
  ["rows", rows, 4],
  ["computed", computed, 2],
  ["limited", limited, 5],
  ["newest", newestOfOne, 3],
  ["oldest", oldest, 3],
  ["extremes", extremes, 3],
  ["derived", derived, 3],
  ["common", common, 3],
  ["sets", sets, 3],
  ["grouped", grouped, 3],
  ["windowed", windowed, 3],
  ["distinct", distinct, 1],
  ["lateral", lateral, 1],
  ["own rows", ownRows, 1],
  ["twice", twice, 1],
  ["first", first, 4],
  ["parts", parts, 3],
  ["led", led, 4],
  ["counted", counted, 1],
  ["implicit", implicit, 2],
].flatMap(([name, make, weight]) => Array.from({ length: weight }, () => [name, make]));
