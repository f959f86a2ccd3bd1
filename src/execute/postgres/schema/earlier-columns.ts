/**
 * Columns of PostgreSQL's catalog that later versions renamed, by the names that clients of earlier ones ask for: psql 15's
 * `\l` and `\dO` take a server of a later version to have them. PostgreSQL reads `d.daticulocale` as a call of the function
 * of that name where the row has no such column, so that `*` stays as it is.
 */
const earlierColumns = [
  { name: "daticulocale", relation: "pg_database", column: "datlocale" },
  { name: "colliculocale", relation: "pg_collation", column: "colllocale" },
];

export function showEarlierColumns(): readonly string[] {
  return earlierColumns.map(
    ({ name, relation, column }) =>
      `CREATE FUNCTION pg_catalog.${name}(pg_catalog.${relation}) RETURNS text LANGUAGE sql STABLE RETURN ($1).${column}`,
  );
}
