// Generated statements name tables and their own common tables in braces: "SELECT * FROM {Charge} t JOIN {q0} q …".

/** The statement as it is run. */
export function renderStatement(statement) {
  const { anyRows } = statement;
  return `${renderWhole(statement)}${anyRows === undefined ? "" : ` LIMIT ${anyRows}`}`;
}

/** Without the LIMIT of a statement that takes whichever rows come first. */
export function renderWhole({ text, commons = [] }) {
  const plain = (part) => part.replace(/\{(\w+)\}/g, "$1");
  const heads = commons.map(({ name, body }) => `${name} AS (${plain(body)})`);
  return `${heads.length > 0 ? `WITH ${heads.join(", ")} ` : ""}${plain(text)}`;
}

/**
 * The same question with each mention of a table replaced by what the function gives for it; common tables are written
 * out, as each mention of them reads their tables anew.
 */
export function renderMentions({ text, commons = [] }, mention) {
  const expand = (part, known) =>
    part.replace(/\{(\w+)\}/g, (_, name) => {
      const at = known.findIndex((common) => common.name === name);
      return at === -1 ? mention(name) : `(${expand(known[at].body, known.slice(0, at))})`;
    });
  return expand(text, commons);
}

/** Tables in the order of their mentions, common tables written out. */
export function mentionedTables(statement) {
  const tables = [];
  renderMentions(statement, (table) => {
    tables.push(table);
    return table;
  });
  return tables;
}
