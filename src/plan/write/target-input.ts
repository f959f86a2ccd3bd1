import type { DeleteStatement, UpdateStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import type { Assignment } from "./assignment.js";
import type { WriteTarget } from "./write-target.js";

/** An UPDATE or DELETE, and what it gives to its objects. */
export interface TargetInput extends WriteTarget {
  readonly statement: UpdateStatement | DeleteStatement;
  readonly assignments: readonly Assignment[];
  readonly environment: PlanEnvironment;
}

/** What is written is chosen by rows as they are: Search may not know of a change yet. It is asked where that is demanded. */
export const withoutStaleRows = (environment: PlanEnvironment): PlanEnvironment =>
  environment.search === "auto" ? { ...environment, search: "off" } : environment;
