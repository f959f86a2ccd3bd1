/** Statements that the gateway answers otherwise than PostgreSQL 15, each with its reason. */
export const knownDifferences = new Map([
  ["SELECT * FROM invoices ORDER BY id", "a star has the first ten lines of an invoice, which a notice says"],
  ["SELECT id INTO nothing.x FROM charges", "SELECT INTO is refused before its schema is looked for"],
]);
