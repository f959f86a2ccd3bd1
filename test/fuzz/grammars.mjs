// What reads texts of others: well-formed ones of each language, and the function that reads them.

import { parseQuery } from "../../dist/connector/http/parse-query.js";
import { readBody } from "../../dist/connector/http/read-body.js";
import { RpcFailure } from "../../dist/connector/http/rpc-failure.js";
import { checkInput, inputSchemas } from "../../dist/connector/input-schemas.js";
import { openConnector } from "../../dist/connector/open-connector.js";
import { decodePageToken } from "../../dist/connector/page-token.js";
import { parseSortColumns } from "../../dist/connector/sort-order.js";
import { resolveProperties } from "../../dist/driver/connection-properties.js";
import { openConnection } from "../../dist/driver/open-connection.js";
import { StripeSqlError } from "../../dist/error/stripe-sql-error.js";
import { parsePostgres } from "../../dist/execute/postgres/parse-postgres.js";
import { noStatistics } from "../../dist/plan/cost/statistics.js";
import { filterCondition } from "../../dist/plan/filter/filter-condition.js";
import { planSelect } from "../../dist/plan/select/plan-select.js";
import { parseForm } from "../../dist/sandbox/form-body.js";
import { parseScript } from "../../dist/syntax/parse-script.js";
import { parseSearchQuery } from "../../dist/syntax/parse-search-query.js";
import { readPostgresTree } from "../../dist/syntax/postgres/read-postgres-tree.js";
import { utc } from "../../dist/value/time-zone.js";
import { mutateBytes } from "./mutate-bytes.mjs";
import { backendCorpus, frontendCorpus, readBackend, readFrontend } from "./read-wire.mjs";

const statements = [
  "SELECT Id, Email AS e FROM Customer WHERE Created >= '2026-10-01' AND Name LIKE 'A%' ORDER BY Created DESC LIMIT 5 OFFSET 2",
  "SELECT count(*) FILTER (WHERE Paid), sum(Amount) OVER (PARTITION BY Currency ORDER BY Created) FROM Charge GROUP BY ALL HAVING count(*) > 1",
  "SELECT c.Id, i.Total FROM Customer c LEFT JOIN Invoice i ON i.Customer = c.Id, LATERAL (SELECT 1) w WHERE EXISTS (FROM Charge)",
  "SELECT CASE Status WHEN 'open' THEN 1 ELSE NULL END, CAST(Total AS DECIMAL(10, 2)), Total::INT[], Metadata->'a'->>'b' FROM Invoice",
  "SELECT [x + 1 FOR x IN [1, 2] IF x > 1], list_transform([1], y -> y * 2), {'a': 1}, MAP {'k': 2}['k']",
  "SELECT INTERVAL '7 days', DATE '2024-01-01', now() - INTERVAL 3 MONTH, 1e400, -0.5, 'é😀', E'\\n', $$x$$",
  "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3), q AS (VALUES (1)) SELECT * FROM r, q",
  "PIVOT Charge ON Currency IN ('usd', 'eur') USING sum(Amount) GROUP BY Status",
  "SELECT * EXCLUDE (Id) REPLACE (Email AS Name), COLUMNS('E.*') FROM Customer TABLESAMPLE 10% QUALIFY row_number() OVER () = 1",
  "INSERT INTO Customer (Name, Email, Metadata) VALUES ('x', lower('X'), '{\"a\":1}'), (?, NULL, DEFAULT) RETURNING Id, Name || 'y' AS n",
  "INSERT INTO Customer (Name) SELECT Email FROM Customer WHERE Delinquent",
  "WITH x(a) AS (SELECT 1) INSERT INTO Customer AS c (Name, Email) SELECT a, Id FROM x ON CONFLICT (Email, Metadata->>'k', lower(Name)) DO UPDATE SET Name = EXCLUDED.Name || ? WHERE c.Name IS NULL RETURNING Id",
  "MERGE INTO v2.Account AS c USING (SELECT 1 AS id) s ON CASE WHEN TRUE THEN c.Id = s.id END WHEN MATCHED AND s.id > 1 THEN UPDATE SET Name = CASE WHEN s.id = ? THEN 'a' END WHEN NOT MATCHED BY SOURCE AND c.Name = 'x' THEN DELETE WHEN NOT MATCHED THEN INSERT (Name) VALUES (s.id) RETURNING *",
  "UPDATE Customer c SET Name = h.Id FROM Charge h JOIN Refund r ON r.Charge = h.Id, (VALUES (1)) v(n) WHERE c.Id = h.Customer; DELETE FROM Customer USING Charge h WHERE h.Customer = Customer.Id",
  "COPY Customer (Email, [Name]) FROM 'a.csv' WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'NA'); EXEC FinalizeInvoice InvoiceId = i.Id, AutoAdvance = TRUE FROM Invoice i WHERE i.Status = ? ORDER BY 1 LIMIT 2",
  "UPDATE Customer AS c SET Name = c.Name || 'd', Metadata = json_merge_patch(Metadata, '{}') WHERE Id IN ('a', 'b') RETURNING Id",
  "DELETE FROM Customer WHERE Name NOT LIKE 'x%' AND Id = ANY (SELECT Customer FROM Invoice)",
  "EXEC CancelPaymentIntent @PaymentIntentId = 'pi_1', CancellationReason = 'duplicate'",
  "EXPLAIN (ANALYZE, FORMAT JSON) SELECT Id FROM v2.Account WHERE Id = 'acct_1'",
  "SHOW TABLES; DESCRIBE Customer; SET TimeZone = 'Asia/Tokyo'; BEGIN; COMMIT; SHOW ALL; RESET ALL",
];

const postgres = [
  "SELECT id, c.email AS e FROM stripe.customers c WHERE created >= '2026-10-01' AND name LIKE 'A\\_%' ORDER BY created DESC NULLS LAST LIMIT 5 OFFSET $1",
  "SELECT count(*) FILTER (WHERE paid), sum(amount) OVER (w ROWS 1 PRECEDING) FROM charges GROUP BY ROLLUP (a, (b, c)), () HAVING count(*) > 1 WINDOW w AS (PARTITION BY x ORDER BY y)",
  "SELECT c.*, (c).email, ROW(c.*) FROM (customers c LEFT JOIN invoices i USING (id) AS u) AS j (p), LATERAL (SELECT c.id) w, ROWS FROM (f(1), g(2)) AS (z int)",
  "SELECT CASE status WHEN 'open' THEN 1 END, CAST(total AS numeric(10, 2)), total::int[], metadata #>> '{a,b}', m['k'], x[1:2], ARRAY[1, $2] FROM invoices FETCH FIRST 3 ROWS WITH TIES",
  "SELECT id FROM charges WHERE customer = ANY('{cus_1,\"a b\",NULL}'::text[]) AND id <> ALL($1) AND (a, b) = (1, 'x') AND c NOT BETWEEN SYMMETRIC 1 AND 2 AND d IS NOT UNKNOWN",
  "SELECT INTERVAL '7' DAY, DATE '2024-01-01', now() - INTERVAL '-3 months', CURRENT_TIMESTAMP(0), 1e400, -0.5, 'é😀', E'\\n', $$x$$, U&'\\0041', B'01', 0x1F, extract(year FROM a) AT TIME ZONE 'UTC'",
  "WITH RECURSIVE r(n) AS (SELECT * FROM q UNION ALL SELECT n + 1 FROM r), q AS MATERIALIZED (VALUES (1)) SELECT DISTINCT ON (n) * FROM r TABLESAMPLE SYSTEM (1), ONLY q FOR UPDATE SKIP LOCKED",
  "INSERT INTO customers (name, email[1]) VALUES ('x', DEFAULT), (lower('X'), $1) ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id, name || 'y' AS n",
  "UPDATE customers AS c SET name = c.name || 'd', (a, b) = (1, DEFAULT) WHERE id IN (TABLE x) RETURNING *; DELETE FROM customers WHERE id = ANY(SELECT 1)",
  "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY; SAVEPOINT a; DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1; FETCH BACKWARD ALL FROM c; MOVE 5 IN c; CLOSE ALL; COMMIT AND CHAIN",
  "SET LOCAL search_path TO a, \"B\"; SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE; SHOW ALL; RESET x; DISCARD ALL; LISTEN a; NOTIFY a, 'b'; LOCK TABLE a; ANALYZE a (b)",
  "COPY (SELECT (1), ')') TO STDOUT WITH (FORMAT csv, HEADER); COPY t (a) FROM STDIN; PREPARE p (int) AS SELECT $1; EXECUTE p (1); DEALLOCATE ALL; EXPLAIN (ANALYZE, FORMAT json) SELECT 1; CALL f(1, a => 2)",
  "SELECT json_arrayagg(a), a IS JSON, xmlelement(name x, y), json_table.* FROM json_table(d, '$' COLUMNS (e int)), xmltable('/a' PASSING b COLUMNS c int); CREATE TABLE x (a int); MERGE INTO t USING u ON TRUE WHEN MATCHED THEN DELETE",
];

const filters = [
  "Status = 'open' AND Total > 100",
  "(Email LIKE '%@x.com' OR Name IS NOT NULL) AND NOT (Balance < 0)",
  "Metadata.order_id IN ('a', 'b', 'it''s') OR Created BETWEEN TIMESTAMP '2026-01-01' AND DATE '2026-02-01'",
  "\"Delinquent\" = TRUE AND Id NOT IN ('x') AND Balance != -1.5e3",
];
const searches = [
  "email:'a@x.com' AND metadata['k']:'v'",
  "created>1700000000 -status:'x' OR name~'abc'",
  'amount>=100 AND amount<200 AND currency:"usd"',
];
const connections = [
  "ApiKey=sk_test_sandbox;AccountId=acct_1;Sandbox=true;Verbosity=3",
  'ReadOnly=true;ProxyServer="http://p;x";MemoryLimit=512MB;TimeZone=America/Los_Angeles;MaxRequests=10',
  "ApiBase=http://127.0.0.1:1;RateStore=redis://u:p@h:1/0;ApiKey='projects/p/secrets/s/versions/1'",
];
const sorts = ["Created DESC", "Email", "  Name   asc ", "AmountDue DESC", "Metadata"];
const bodies = [
  '{"query":{"query":"SELECT 1","maxRows":"25","timeout":"180","queryParameters":[{"dataType":"VARCHAR","value":"x"}]}}',
  '{"fields":{"Name":"Ann","Metadata":{"a":[1,2.5e3,-0,null,true]},"Amount":12345678901234567890}}',
  '{"parameters":{"PaymentIntentId":"pi_1","é":"\\u00e9\\ud83d\\ude00\\n"}}',
];
const urls = [
  "/v2/x?conditions=Balance%20%3C%200&pageSize=25&sortBy=a&sortBy=b&sortOrder=DESC",
  "/v2/x?a=%F0%9F%98%80+b&a[]=1&__proto__=x&=&&fields=entities(name,fields/Email)",
];
const forms = [
  "email=a&metadata[a]=b&items[0][price]=p&items[0][quantity]=2&expand[]=x&expand[]=y",
  "a[][b]=1&a[][c]=2&a[][b]=3&%5B=1",
];

const isOurs = (error) =>
  (error instanceof StripeSqlError && error.sqlState !== "XX000") ||
  (error instanceof RpcFailure && error.status !== "INTERNAL");

/** The grammars by name; of bytes, a character stands for each, and they are mutated in their own way. Their readers return, or fail with an error of ours. */
export async function openGrammars() {
  const connector = await openConnector({ sandbox: { customers: 5 }, readOnly: true, maxRequests: 20 });
  const { connection, catalog } = await openConnection({
    sandbox: { customers: 5 },
    readOnly: true,
    fileAccess: false,
  });
  const tables = ["Customer", "Invoice", "Charge"].map((name) => catalog.tables().find((table) => table.name === name));
  const ofTables = (read) => (text) => {
    for (const table of tables) read(text, table);
  };
  const grammars = {
    statement: { corpus: statements, read: async (text) => readStatement(connection, text) },
    run: { corpus: statements, read: async (text) => connector.executeSqlQuery({ query: text, timeout: 5 }) },
    script: { corpus: statements, read: parseScript },
    postgres: { corpus: postgres, read: (text) => readPostgres(catalog, text) },
    filter: { corpus: filters, read: ofTables(filterCondition) },
    search: { corpus: searches, read: parseSearchQuery },
    connection: { corpus: connections, read: (text) => resolveProperties(text, {}) },
    sort: { corpus: sorts, read: ofTables((text, table) => parseSortColumns([text], table)) },
    body: { corpus: bodies, read: readPayload },
    token: {
      corpus: ["eyJraW5kIjoib2Zmc2V0In0", "AAAA.BBBB", "eyJhIjpbMV19"],
      read: (text) => decodePageToken(text, []),
    },
    url: { corpus: urls, read: parseQuery },
    form: { corpus: forms, read: parseForm },
    client: { corpus: frontendCorpus, read: readFrontend, mutate: mutateBytes },
    server: { corpus: backendCorpus, read: readBackend, mutate: mutateBytes },
  };
  return {
    grammars,
    isOurs,
    close: async () => {
      await connector.close();
      await connection.close();
    },
  };
}

/** Planned, and prepared by the local engine; nothing is sent. */
async function readStatement(connection, text) {
  await connection.describeStatement(text);
}

/** Read, and planned where it is a query. What is refused is an error of ours. */
async function readPostgres(catalog, text) {
  const statements = readPostgresTree(await parsePostgres(text), text, {
    defaultSchema: "stripe",
    writesIsoDates: true,
  });
  for (const { kind, query, error } of statements) {
    if (kind === "refused") throw error;
    if (kind === "query") planSelect({ sql: { sql: text, places: [] }, query }, { ...environment, catalog });
  }
}

const environment = {
  systemTables: [],
  tempTables: [],
  constants: { parameters: [["cus_1"], 5], nowSeconds: 1_790_000_000, zone: utc },
  statistics: noStatistics,
  accountId: undefined,
  closedEnumsHold: true,
  pushdown: true,
  directWay: true,
  search: "always",
  without: new Set(),
  readOnly: true,
  allowUnfilteredWrites: false,
};

function readPayload(text) {
  const value = readBody(Buffer.from(text));
  checkInput(inputSchemas.createEntity, { entity: "Customer", connectorInputPayload: value?.fields ?? value });
}
