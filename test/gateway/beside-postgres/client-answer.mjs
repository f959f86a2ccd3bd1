/** Ways in which a client may ask: one text, a prepared statement, and one whose answer is in binary. */
export const protocols = {
  simple: {},
  extended: { queryMode: "extended" },
  binary: { queryMode: "extended", binary: true },
};

/** The names of a server's own types, those of its tables' rows, by OID; those that are built in have one OID everywhere. */
export async function readOwnTypes(client) {
  const { rows } = await client.query("SELECT oid, format_type(oid, NULL) AS name FROM pg_type WHERE oid >= 16384");
  return new Map(rows.map(({ oid, name }) => [Number(oid), name]));
}

/**
 * What a client sees of a statement: an error's SQLSTATE, or names, types and cells as the server wrote them, bytes that
 * are no UTF-8 apart.
 */
export async function clientAnswer({ client, ownTypes }, text, protocol) {
  try {
    const { fields, rows, command, rowCount } = await client.query({ text, rowMode: "array", ...protocols[protocol] });
    return {
      fields: fields.map(({ name, dataTypeID: type, dataTypeModifier }) =>
        [name, ownTypes.get(type) ?? type, dataTypeModifier].join(" "),
      ),
      rows: rows.map((row) => JSON.stringify(row)),
      tag: `${command} ${rowCount}`,
    };
  } catch (error) {
    // Without a severity it is no error of the server.
    if (error.severity === undefined) throw error;
    return { error: error.code, message: error.message };
  }
}

/** How two answers differ; undefined where they do not. Rows that no ORDER BY puts in order may come in any. */
export function answerDifference(text, ours, theirs) {
  if (ours.error !== theirs.error) return `${outcome(ours)} instead of ${outcome(theirs)}`;
  if (ours.error !== undefined) return undefined;
  const inOrder = isOrdered(text) ? (rows) => rows : (rows) => rows.toSorted();
  return (
    listDifference("field", ours.fields, theirs.fields) ??
    listDifference("tag", [ours.tag], [theirs.tag]) ??
    listDifference("row", inOrder(ours.rows), inOrder(theirs.rows))
  );
}

const outcome = ({ error, message }) => (error === undefined ? "rows" : `${error} ${message}`);

function listDifference(what, ours, theirs) {
  const places = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, place) => place);
  const at = places.find((place) => ours[place] !== theirs[place]);
  return at === undefined ? undefined : `${what} ${at} is ${ours[at]} instead of ${theirs[at]}`;
}

/** Whether the outermost query has an ORDER BY. */
function isOrdered(text) {
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"[^"]*"|[()]|\border\s+by\b/gi)) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth === 0 && /^order/i.test(token)) return true;
  }
  return false;
}
