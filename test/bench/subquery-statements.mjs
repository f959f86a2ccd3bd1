// Statements whose conditions, limits and orders stand around the queries that they are asked of, or are written as
// functions, with the fewest requests that Stripe allows for them.

const seconds = (text) => Date.parse(`${text}T00:00:00Z`) / 1000;

/** What is asked through subqueries, views of tools, set operations, groups and windows. */
export const throughSubqueries = ({ objects: o, pagesOf, pagesUntil, ...f }) => {
  const within = (rows, from, until = "2100-01-01") =>
    pagesOf(rows.filter(({ created }) => created >= seconds(from) && created < seconds(until)));
  const ofStatus = (rows, status) => rows.filter((row) => row.status === status);
  const week = within(o.charges, "2026-10-25");
  const open = pagesOf(ofStatus(o.invoices, "open"));
  const x = f.customer;
  const since = (rows, from) => pagesOf(rows.filter(({ created }) => created >= from));
  const invoice = o.invoices[150];
  return [
    [
      "tool's view",
      "SELECT * FROM (SELECT Id, Created, Amount FROM Charge) AS q WHERE q.Created >= '2026-10-25' ORDER BY q.Created DESC LIMIT 1000",
      week,
    ],
    [
      "tool's group",
      `SELECT date_trunc('day', "source"."Created") AS "d", count(*) AS "count" FROM (SELECT * FROM Charge) AS "source" WHERE "source"."Created" >= timestamp with time zone '2026-10-25 00:00:00.000Z' AND "source"."Created" < timestamp with time zone '2026-11-02 00:00:00.000Z' GROUP BY date_trunc('day', "source"."Created") ORDER BY 1 LIMIT 1048575`,
      week,
    ],
    [
      "tool's limit",
      `select "_"."Id", "_"."Amount" from (select * from Charge) "_" where "_"."Customer" = '${x}' limit 1000`,
      1,
    ],
    [
      "twice renamed",
      "SELECT a FROM (SELECT b AS a FROM (SELECT Created AS b FROM Charge) x) y WHERE a >= '2026-10-25'",
      week,
    ],
    [
      "CTE chain",
      "WITH a AS (SELECT * FROM Invoice), b AS (SELECT Id, Status AS s FROM a) SELECT count(*) FROM b WHERE s = 'open'",
      open,
    ],
    ["CTE columns", "WITH b(i, s) AS (SELECT Id, Status FROM Invoice) SELECT count(*) FROM b WHERE s = 'open'", open],
    [
      "CTE read twice",
      "WITH a AS (SELECT Id, Customer, Amount, Created FROM Charge WHERE Created >= '2026-10-25') SELECT (SELECT count(*) FROM a), (SELECT sum(Amount) FROM a)",
      week,
    ],
    [
      "CTE read by two conditions",
      `WITH a AS (SELECT * FROM Invoice) SELECT (SELECT count(*) FROM a WHERE Status = 'open') AS o, (SELECT count(*) FROM a WHERE Status = 'draft') AS d`,
      open + pagesOf(ofStatus(o.invoices, "draft")),
    ],
    [
      "union's range",
      "SELECT * FROM (SELECT Id, Created FROM Charge UNION ALL SELECT Id, Created FROM Invoice) u WHERE Created >= '2026-10-25'",
      week + within(o.invoices, "2026-10-25"),
    ],
    [
      "union by star",
      `SELECT count(*) FROM (SELECT * FROM Invoice WHERE Status = 'open' UNION ALL SELECT * FROM Invoice WHERE Status = 'draft') q WHERE Customer = '${x}'`,
      1,
    ],
    [
      "union by name",
      "SELECT * FROM (SELECT Id, Created FROM Charge UNION ALL BY NAME SELECT Created, Id FROM Invoice) u WHERE Created >= '2026-10-25'",
      week + within(o.invoices, "2026-10-25"),
    ],
    ["union LIMIT", "SELECT Id FROM Charge UNION ALL SELECT Id FROM Invoice LIMIT 5", 1],
    ["derived union LIMIT", "SELECT * FROM (SELECT Id FROM Charge UNION ALL SELECT Id FROM Invoice) q LIMIT 5", 1],
    [
      "union newest",
      "SELECT Id, Created FROM Charge UNION ALL SELECT Id, Created FROM Invoice ORDER BY Created DESC LIMIT 10",
      2,
    ],
    [
      "derived union newest",
      "SELECT * FROM (SELECT Id, Created FROM Charge UNION ALL SELECT Id, Created FROM Refund) q ORDER BY Created DESC LIMIT 10",
      2,
    ],
    [
      "union of limits",
      "(SELECT Id FROM Charge ORDER BY Created DESC LIMIT 5) UNION ALL (SELECT Id FROM Invoice LIMIT 5)",
      2,
    ],
    [
      "EXCEPT",
      `SELECT * FROM (SELECT Customer FROM Charge EXCEPT SELECT Customer FROM Invoice) q WHERE Customer = '${x}'`,
      2,
    ],
    [
      "INTERSECT ranges",
      "SELECT Customer FROM Charge WHERE Created >= '2026-10-25' INTERSECT SELECT Customer FROM Invoice WHERE Created >= '2026-10-25'",
      week + within(o.invoices, "2026-10-25"),
    ],
    ["HAVING key", `SELECT Customer, count(*) FROM Charge GROUP BY Customer HAVING Customer = '${x}'`, 1],
    [
      "HAVING key and count",
      `SELECT Customer, count(*) FROM Charge GROUP BY 1 HAVING count(*) > 0 AND Customer IN ('${x}')`,
      1,
    ],
    [
      "group through derived",
      "SELECT * FROM (SELECT date_trunc('month', Created) AS m, count(*) AS n FROM Charge GROUP BY 1) q WHERE m >= '2026-10-01'",
      within(o.charges, "2026-10-01"),
    ],
    [
      "group of days",
      "SELECT * FROM (SELECT Created::DATE AS d, count(*) AS n FROM Charge GROUP BY 1) q WHERE d = '2026-10-20'",
      within(o.charges, "2026-10-20", "2026-10-21"),
    ],
    [
      "partition through derived",
      `SELECT * FROM (SELECT Id, Customer, row_number() OVER (PARTITION BY Customer ORDER BY Created DESC) AS rn FROM Charge) q WHERE Customer = '${x}' AND rn <= 3`,
      1,
    ],
    [
      "QUALIFY key",
      `SELECT Id FROM Charge QUALIFY row_number() OVER (PARTITION BY Customer ORDER BY Created) = 1 AND Customer = '${x}'`,
      1,
    ],
    ["QUALIFY newest", "SELECT Id FROM Charge QUALIFY row_number() OVER (ORDER BY Created DESC) <= 10", 1],
    [
      "window newest",
      "SELECT * FROM (SELECT Id, row_number() OVER (ORDER BY Created DESC) AS rn FROM Charge) q WHERE rn <= 10",
      1,
    ],
    [
      "window newest, ranked",
      "SELECT * FROM (SELECT Id, rank() OVER (ORDER BY Created DESC) AS rn FROM Charge) q WHERE rn < 6 ORDER BY rn",
      1,
    ],
    [
      "DISTINCT through derived",
      "SELECT DISTINCT Status FROM (SELECT * FROM Charge) q WHERE Created >= '2026-10-25'",
      week,
    ],
    [
      "condition on the newest",
      "SELECT * FROM (SELECT Id, Status FROM Charge ORDER BY Created DESC LIMIT 50) q WHERE Status = 'failed'",
      1,
    ],
    ["count of a limit", "SELECT count(*) FROM (SELECT Id FROM Charge LIMIT 10) q", 1],
    ["limit of an order", "SELECT Id FROM (SELECT * FROM Charge ORDER BY Created DESC) q LIMIT 5", 1],
    ["EXISTS", "SELECT EXISTS (SELECT 1 FROM Charge WHERE Created >= '2026-10-01')", 1],
    ["NOT EXISTS", "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM Charge WHERE Created >= '2026-10-01')", 1],
    ["newest by scalar", "SELECT Id FROM Charge WHERE Created = (SELECT max(Created) FROM Charge)", 1],
    [
      "since by scalar",
      "SELECT Id FROM Charge WHERE Created > (SELECT max(Created) FROM Payout)",
      1 + since(o.charges, o.payouts[0].created + 1),
    ],
    [
      "since an object",
      `SELECT Id FROM Charge WHERE Created >= (SELECT Created FROM Invoice WHERE Id = '${invoice.id}')`,
      1 + since(o.charges, invoice.created),
    ],
    ["two maxima", "SELECT (SELECT max(Created) FROM Charge) AS c, (SELECT max(Created) FROM Invoice) AS i", 2],
    ["max through derived", "SELECT max(Created) FROM (SELECT Created FROM Charge) q", 1],
    ["max of one customer", `SELECT max(Created) FROM Charge WHERE Customer = '${x}'`, 1],
    [
      "max and count of a status",
      "SELECT min(Created), max(Created) FROM Invoice WHERE Status = 'open'",
      Math.min(open, 2),
    ],
    ["arg_max", "SELECT arg_max(Id, Created) FROM Charge", 1],
    ["OFFSET", "SELECT Id FROM Charge ORDER BY Created DESC LIMIT 10 OFFSET 150", 2],
    ["by ordinal", "SELECT Created AS c, Id FROM Charge ORDER BY 1 DESC LIMIT 5", 1],
    ["by alias, with ties", "SELECT Created AS c, Id FROM Charge ORDER BY c DESC, Id DESC LIMIT 5 OFFSET 3", 1],
    [
      "through LEFT JOIN",
      "SELECT c.Id, cu.Email FROM Charge c LEFT JOIN Customer cu ON cu.Id = c.Customer ORDER BY c.Created DESC LIMIT 5 OFFSET 5",
      1,
    ],
    ["oldest", "SELECT Id FROM Invoice ORDER BY Created ASC LIMIT 3", 1],
    ["oldest of a status", "SELECT Id FROM Invoice WHERE Status = 'open' ORDER BY Created LIMIT 3", 1],
    [
      "newest of a status",
      "SELECT Id FROM Charge WHERE Status = 'failed' ORDER BY Created DESC, Id LIMIT 3",
      pagesUntil(o.charges, ({ status }) => status === "failed", 3),
    ],
    [
      "IN of a derived",
      `SELECT Id FROM Invoice WHERE Customer IN (SELECT q.Id FROM (SELECT Id, Email FROM Customer) q WHERE q.Email = '${f.email}')`,
      2,
    ],
    [
      "IN of a union",
      `SELECT Id FROM Charge WHERE Customer IN (SELECT Id FROM Customer WHERE Email = '${f.email}' UNION SELECT Customer FROM Invoice WHERE Id = '${invoice.id}')`,
      4,
    ],
  ].map(([name, sql, minimum]) => ({ name, sql, minimum, script: minimum }));
};

/** Conditions that a filter of Stripe's says, in other words. */
export const inOtherWords = ({ objects: o, pagesOf, ...f }) => {
  const within = (rows, from, until = "2100-01-01") =>
    pagesOf(rows.filter(({ created }) => created >= seconds(from) && created < seconds(until)));
  const week = within(o.charges, "2026-10-25");
  const october = within(o.charges, "2026-10-01", "2026-11-01");
  const x = f.customer;
  const open = pagesOf(o.invoices.filter(({ status }) => status === "open"));
  const charge = (condition) => `SELECT Id FROM Charge WHERE ${condition}`;
  const invoiceOfSubscription = o.invoices.find(({ parent }) => parent?.subscription_details?.subscription);
  return [
    [
      "days between",
      charge("Created::DATE BETWEEN '2026-10-20' AND '2026-10-22'"),
      within(o.charges, "2026-10-20", "2026-10-23"),
    ],
    ["CAST AS DATE since", charge("CAST(Created AS DATE) >= DATE '2026-10-25'"), week],
    ["year and month", charge("year(Created) = 2026 AND month(Created) = 10"), october],
    ["extract", charge("extract(year FROM Created) = 2026 AND extract(month FROM Created) = 10"), october],
    ["date_part", charge("date_part('year', Created) = 2026 AND date_part('month', Created) IN (10)"), october],
    ["strftime", charge("strftime(Created, '%Y-%m') = '2026-10'"), october],
    ["strftime day", charge("strftime(Created, '%Y-%m-%d') >= '2026-10-25'"), week],
    [
      "date_trunc IN",
      charge("date_trunc('month', Created) IN ('2026-10-01', '2026-11-01')"),
      within(o.charges, "2026-10-01"),
    ],
    ["date arithmetic", charge("Created + INTERVAL 7 DAY > TIMESTAMPTZ '2026-11-01 00:00:00Z'"), week],
    ["elapsed", charge("TIMESTAMPTZ '2026-11-01 00:00:00Z' - Created < INTERVAL 7 DAY"), week],
    ["age", charge("age(TIMESTAMPTZ '2026-11-01 00:00:00Z', Created) <= INTERVAL 7 DAY"), week],
    ["date_diff", charge("date_diff('day', Created, TIMESTAMPTZ '2026-11-01 00:00:00Z') <= 7"), week],
    ["datediff of dates", charge("DATE '2026-11-01' - Created::DATE <= 7"), week],
    ["epoch", charge(`epoch(Created) >= ${seconds("2026-10-25")}`), week],
    ["epoch_ms", charge(`epoch_ms(Created) >= ${seconds("2026-10-25")}000`), week],
    [
      "extract epoch",
      charge(`extract(epoch FROM Created) BETWEEN ${seconds("2026-10-25")} AND ${seconds("2026-11-05")}`),
      week,
    ],
    ["to_timestamp", charge(`Created >= to_timestamp(${seconds("2026-10-25")})`), week],
    ["make_date", charge("Created >= make_date(2026, 10, 25)"), week],
    ["make_timestamptz", charge("Created >= make_timestamptz(2026, 10, 25, 0, 0, 0)"), week],
    [
      "last month",
      charge(
        "Created >= date_trunc('month', DATE '2026-11-01') - INTERVAL 1 MONTH AND Created < date_trunc('month', DATE '2026-11-01')",
      ),
      october,
    ],
    ["current week", charge("Created >= current_date - INTERVAL '7 days'"), 1],
    [
      "computed upper bound",
      charge("Created >= '2026-10-25' AND Created < '2026-10-25'::DATE + 1"),
      within(o.charges, "2026-10-25", "2026-10-26"),
    ],
    ["as text", charge("CAST(Created AS VARCHAR) LIKE '2026-10-2%'"), within(o.charges, "2026-10-20", "2026-10-30")],
    ["keyset", charge("(Created, Id) > ('2026-10-25'::TIMESTAMPTZ, 'ch_')"), week],
    [
      "ranges or",
      charge("(Created >= '2026-10-30') OR (Created >= '2026-10-25' AND Created < '2026-10-26')"),
      within(o.charges, "2026-10-30") + within(o.charges, "2026-10-25", "2026-10-26"),
    ],
    [
      "month or month",
      charge("date_trunc('month', Created) = '2026-10-01' OR Created::DATE = '2026-09-30'"),
      within(o.charges, "2026-09-30", "2026-11-01"),
    ],
    [
      "one time is not recurring",
      "SELECT Id FROM Price WHERE Type <> 'recurring' AND Active",
      pagesOf(o.prices.filter((p) => p.type === "one_time" && p.active)),
    ],
    ["IS NOT TRUE", "SELECT Id FROM Product WHERE Active IS NOT TRUE", 1],
    ["text of a boolean", "SELECT Id FROM Product WHERE Active = 'f'", 1],
    ["DISTINCT FROM", "SELECT Id FROM Product WHERE Active IS NOT DISTINCT FROM false", 1],
    ["boolean IN", "SELECT Id FROM Product WHERE Active IN (false)", 1],
    ["coalesced", "SELECT Id FROM Product WHERE NOT coalesce(Active, false)", 1],
    ["boolean as number", "SELECT Id FROM Product WHERE Active::INT = 0", 1],
    ["CASE", "SELECT Id FROM Product WHERE CASE WHEN Active THEN 1 ELSE 0 END = 0", 1],
    ["NOT of an equality", "SELECT Id FROM Product WHERE NOT (Active = true)", 1],
    ["constant beside", charge(`1 = 1 AND Customer = '${x}'`), 1],
    ["optional parameter", charge(`('' = '' OR Status = 'failed') AND Customer = '${x}'`), 1],
    ["NULL parameter", charge(`(NULL IS NULL OR Status = 'x') AND Customer = '${x}'`), 1],
    ["constant text", "SELECT count(*) FROM Invoice WHERE Status = lower('OPEN')", open],
    ["given parameter", charge(`('${x}' IS NULL OR Customer = '${x}')`), 1],
    [
      "days of a month",
      charge("year(Created) = 2026 AND month(Created) = 10 AND day(Created) BETWEEN 20 AND 22"),
      within(o.charges, "2026-10-20", "2026-10-23"),
    ],
    ["quarter", charge("year(Created) = 2026 AND quarter(Created) = 4"), within(o.charges, "2026-10-01")],
    ["concatenated", "SELECT count(*) FROM Invoice WHERE Status = 'op' || 'en'", open],
    [
      "CASE of constants",
      "SELECT count(*) FROM Invoice WHERE Status = CASE WHEN 1 = 1 THEN 'open' ELSE 'draft' END",
      open,
    ],
    ["list", "SELECT count(*) FROM Invoice WHERE Status = ANY (['open'])", open],
    ["list_contains", "SELECT count(*) FROM Invoice WHERE list_contains(['open'], Status)", open],
    ["IN of VALUES", "SELECT count(*) FROM Invoice WHERE Status IN (SELECT * FROM (VALUES ('open')) v(s))", open],
    ["LIKE without wildcards", "SELECT count(*) FROM Invoice WHERE Status LIKE 'open'", open],
    ["reversed", `SELECT Id FROM Charge WHERE '2026-10-25' <= Created`, week],
    [
      "moved field",
      `SELECT Id FROM Invoice WHERE Subscription = '${invoiceOfSubscription?.parent.subscription_details.subscription}'`,
      1,
    ],
    ["never", charge("1 = 0"), 0],
    ["contradiction", charge("Created > '2026-10-25' AND Created < '2026-10-01'"), 0],
    ["LIMIT of constants", "SELECT Id FROM Charge LIMIT 2 + 3", 1],
    ["LIMIT 0", "SELECT Id FROM Charge LIMIT 0", 0],
  ].map(([name, sql, minimum]) => ({ name, sql, minimum, script: minimum }));
};
