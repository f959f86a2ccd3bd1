import type { ListEndpoint, Omission, SearchEndpoint, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import type { Domain } from "../predicate/domain.js";
import type { Access, OmittedRows, RowsOnClocks } from "../scan/scan.js";
import type { AccessRequest } from "./candidate.js";

const daySeconds = 86_400;

/**
 * What a list or search leaves out of the rows that the conditions leave: `Open = false` on reviews, of which the open
 * ones are listed; not `Created >= now() - INTERVAL 1 DAY` on events, which are listed for thirty days. What no
 * condition rules out may be meant.
 */
export function omittedRows(
  { table, now }: Pick<AccessRequest, "table" | "now">,
  { omits = [] }: Pick<ListEndpoint | SearchEndpoint, "omits">,
  { domains }: Conjunction,
): readonly OmittedRows[] {
  return omits.flatMap((omission) => omittedBy(omission, { table, now, domains }) ?? []);
}

interface Conditions {
  readonly table: Table;
  readonly now: AccessRequest["now"];
  readonly domains: Conjunction["domains"];
}

function omittedBy(omission: Omission, { table, now, domains }: Conditions): OmittedRows | undefined {
  switch (omission.kind) {
    case "on-test-clocks":
      return undefined;
    case "unlisted":
      return mayHold(domains.get(omission.column), omission.value) ? unlisted(table, omission) : undefined;
    case "older":
      return reachesBefore(createdOf(table, domains), now() - omission.days * daySeconds)
        ? { notice: `Stripe lists ${nameOf(table)} of the last ${omission.days} days only`, isOldest: true }
        : undefined;
    case "recent":
      return recent(table);
  }
}

/** What a request with these parameters leaves out of its rows for test clocks. */
export function rowsOnClocks(
  table: Table,
  { omits = [], filters }: Pick<ListEndpoint, "omits" | "filters">,
  sent: readonly string[],
): RowsOnClocks | undefined {
  for (const omission of omits) {
    if (omission.kind !== "on-test-clocks" || omission.unless.some((parameter) => sent.includes(parameter))) continue;
    const { clocks, parameter, column, unless } = omission;
    const field = table.columns.find(({ name }) => name === column)?.path ?? [];
    const ways = unless.flatMap((name) => filters.find((filter) => filter.parameter === name)?.column ?? []);
    const notice = `Stripe leaves ${nameOf(table)} rows on test clocks out of its list; ${ways.map((way) => `${way} = '…'`).join(" or ")} in WHERE reads them`;
    return { clocks, parameter, field, notice };
  }
  return undefined;
}

/** One access for all these mentions of a table, told of as each would be. */
export function withOmitsOf(access: Access, others: readonly Access[]): Access {
  if (access.kind !== "list") return access;
  const all = [access, ...others].flatMap((other) => (other.kind === "list" ? other.omits : []));
  return { ...access, omits: [...new Map(all.map((omitted) => [omitted.notice, omitted])).values()] };
}

const mayHold = (domain: Domain | undefined, value: boolean): boolean => domain?.values?.includes(value) ?? true;

function createdOf({ columns }: Table, domains: Conjunction["domains"]): Domain | undefined {
  return domains.get(columns.find(({ stripeName }) => stripeName === "created")?.name ?? "");
}

function reachesBefore(domain: Domain | undefined, seconds: number): boolean {
  if (domain?.values !== undefined) return domain.values.some((value) => Number(value) < seconds);
  return domain?.minimum === undefined || domain.minimum < seconds;
}

function unlisted(
  table: Table,
  { column, value, what = `rows whose ${column} is ${value}` }: Extract<Omission, { kind: "unlisted" }>,
): OmittedRows {
  return { notice: `Stripe's list of ${nameOf(table)} has no ${what}; ${oneById(table)}`, isOldest: false };
}

function recent(table: Table): OmittedRows {
  const notice = `rows of ${nameOf(table)} that were written moments ago may be missing, as Stripe lists them late; ${oneById(table)}`;
  return { notice, isOldest: false };
}

const oneById = ({ primaryKey }: Table): string => `${primaryKey ?? "its key"} = '…' in WHERE reads one`;

const nameOf = ({ schema, name }: Table): string => (schema === "v2" ? `v2.${name}` : name);
