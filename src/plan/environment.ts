import type { Catalog } from "../catalog/catalog.js";
import type { SystemTable } from "../catalog/system-table.js";
import type { Statistics } from "./cost/statistics.js";
import type { PlannerRule } from "./planner-rule.js";
import type { ConstantContext } from "./predicate/scalar.js";
import type { TempTable } from "./temp-table.js";

/** All that planning depends on beside the statement. */
export interface PlanEnvironment {
  /** Whose SQL the texts of statements are, which that engine then runs. */
  readonly dialect: "duckdb" | "postgres";
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  /** The session's own. */
  readonly tempTables: readonly TempTable[];
  readonly constants: ConstantContext;
  readonly statistics: Statistics;
  /** The connection's own Connect account, shown where AccountId is named and not asked for. */
  readonly accountId: string | undefined;
  /** False where the connection's API version is not the catalog's: an enum closed in one may have more in another. */
  readonly closedEnumsHold: boolean;
  readonly pushdown: boolean;
  readonly directWay: boolean;
  /** Whether Stripe's Search finds rows: never, where it saves many requests, or wherever it can. */
  readonly search: "off" | "auto" | "always";
  /** Rules that are left out. */
  readonly without: ReadonlySet<PlannerRule>;
  readonly readOnly: boolean;
  readonly allowUnfilteredWrites: boolean;
}

/** The same for other values of a statement's parameters. */
export function withParameters(environment: PlanEnvironment, parameters: readonly unknown[]): PlanEnvironment {
  return { ...environment, constants: { ...environment.constants, parameters } };
}
