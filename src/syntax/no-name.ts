/** What PostgreSQL calls a column whose expression has no name of its own. */
export const noName = "?column?";
