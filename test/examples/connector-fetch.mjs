// Lists, changes and reads customers by the connector over HTTP. In another terminal:
//   STRIPE_SQL_TOKEN=token-of-your-own stripe-sql serve --http 8080 --connection shop.yaml
//   STRIPE_SQL_TOKEN=token-of-your-own node connector-fetch.mjs [http://127.0.0.1:8080/v2/projects/P/locations/L/connections/shop]
const shop = process.argv[2] ?? "http://127.0.0.1:8080/v2/projects/my-project/locations/global/connections/shop";

// Pages by conditions, until there is no further one.
let pageToken = "";
let owing = 0;
do {
  const query = new URLSearchParams({ conditions: "Balance < 0", pageSize: "5", pageToken });
  const page = await call("GET", `/entityTypes/Customer/entities?${query}`);
  owing += page.entities.length;
  pageToken = page.nextPageToken ?? "";
} while (pageToken !== "");
console.log("Owing:", owing > 0);

// Under one key a change is carried out once, however often it is sent.
const fields = { Name: "Ada", Email: "ada@example.com" };
const created = await call("POST", "/entityTypes/Customer/entities", { fields }, { "Idempotency-Key": "signup-1" });
const again = await call("POST", "/entityTypes/Customer/entities", { fields }, { "Idempotency-Key": "signup-1" });
console.log("Made once:", created.fields.Id === again.fields.Id);

const query = "SELECT Name, Email FROM Customer WHERE Id = ?";
const queryParameters = [{ dataType: "VARCHAR", value: created.fields.Id }];
const { results } = await call("POST", ":executeSqlQuery", { query: { query, queryParameters } });
console.log(results);

// An error is told as Google's APIs tell them.
await call("GET", "/entityTypes/Customer/entities/cus_none").catch((error) => console.log(error.message));

async function call(method, path, body, headers = {}) {
  const answer = await fetch(shop + path, {
    method,
    headers: {
      authorization: `Bearer ${process.env.STRIPE_SQL_TOKEN}`,
      "content-type": "application/json",
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { error, ...result } = await answer.json();
  if (error !== undefined) throw new Error(`${error.code} ${error.status}: ${error.message}`);
  return result;
}
