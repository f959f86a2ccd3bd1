import type { Connector, EntityFields } from "../../src/connector/connector.js";

/** All entities that a filter clause finds, page by page. */
export async function listAll(
  connector: Connector,
  entity: string,
  filterClause: string,
): Promise<readonly EntityFields[]> {
  const found: EntityFields[] = [];
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<Connector["listEntities"]>> = await connector.listEntities({
      entity,
      filterClause,
      listEntitiesPageSize: 200,
      ...(token === null ? {} : { listEntitiesPageToken: token }),
    });
    found.push(...page.connectorOutputPayload);
    token = page.listEntitiesNextPageToken;
  } while (token !== null);
  return found;
}
