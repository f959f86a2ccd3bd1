/** Names that PostgreSQL keeps for roles of its own, the local one's owner among them: no user has them. */
export function isReservedName(name: string): boolean {
  return /^(pg_|public$|none$)/.test(name);
}
