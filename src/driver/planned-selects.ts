import type { Cost } from "../plan/cost/cost.js";
import type { Statistics } from "../plan/cost/statistics.js";
import type { PlanEnvironment } from "../plan/environment.js";
import { planCost } from "../plan/plan-cost.js";
import type { ConstantContext } from "../plan/predicate/scalar.js";
import { planSelect } from "../plan/select/plan-select.js";
import type { SelectPlan } from "../plan/select/select-plan.js";
import type { SelectStatement } from "../syntax/statement.js";

export interface PlannedSelect {
  readonly plan: SelectPlan;
  /** What it is expected to take. */
  readonly cost: Cost;
}

export function costed(statement: SelectStatement, environment: PlanEnvironment): PlannedSelect {
  const plan = planSelect(statement, environment);
  return { plan, cost: planCost(plan, environment.statistics) };
}

/** Something that planning asked, and what it was answered. */
interface AskedFact {
  readonly answer: unknown;
  readonly ask: (statistics: Statistics) => unknown;
}

interface RememberedPlan {
  readonly planned: PlannedSelect;
  readonly constants: Pick<ConstantContext, "parameters" | "zone">;
  readonly systemTables: PlanEnvironment["systemTables"];
  readonly tempTables: PlanEnvironment["tempTables"];
  readonly facts: readonly AskedFact[];
}

/**
 * Plans the SELECTs of one database, and keeps the last plan of each statement: planning is pure, so that the same
 * constants and the same answers of the statistics give the same plan. One that went by the clock is not kept.
 */
export class PlannedSelects {
  readonly #remembered = new WeakMap<SelectStatement, RememberedPlan>();

  plan(statement: SelectStatement, environment: PlanEnvironment): PlannedSelect {
    const known = this.#remembered.get(statement);
    if (known !== undefined && holds(known, environment)) return known.planned;
    const watched = new WatchedEnvironment(environment);
    const planned = costed(statement, watched.environment);
    const { parameters, zone } = environment.constants;
    const { systemTables, tempTables } = environment;
    if (watched.askedTheClock) this.#remembered.delete(statement);
    else
      this.#remembered.set(statement, {
        planned,
        constants: { parameters, zone },
        systemTables,
        tempTables,
        facts: watched.facts,
      });
    return planned;
  }
}

function holds(
  known: RememberedPlan,
  { constants: now, statistics, systemTables, tempTables }: PlanEnvironment,
): boolean {
  const { constants, facts } = known;
  const { parameters, zone } = constants;
  return (
    (known.systemTables === systemTables || !readsMetadata(known.planned)) &&
    isSameList(known.tempTables, tempTables) &&
    zone === now.zone &&
    parameters.length === now.parameters.length &&
    parameters.every((value, index) => isSameConstant(value, now.parameters[index])) &&
    facts.every(({ answer, ask }) => ask(statistics) === answer)
  );
}

/** Whether rows of metadata, a session's views among them, are in the plan. */
const readsMetadata = ({ plan }: PlannedSelect): boolean => plan.relations.some(({ kind }) => kind === "system");

const isSameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

/** What is no plain value may have been changed since. */
function isSameConstant(one: unknown, other: unknown): boolean {
  return (typeof one !== "object" || one === null) && Object.is(one, other);
}

/** An environment that notes what planning asks of it beside what never changes. */
class WatchedEnvironment {
  readonly environment: PlanEnvironment;
  readonly #facts = new Map<string, AskedFact>();
  askedTheClock = false;

  constructor(environment: PlanEnvironment) {
    const watched = this;
    this.environment = {
      ...environment,
      constants: {
        ...environment.constants,
        get nowSeconds() {
          watched.askedTheClock = true;
          return environment.constants.nowSeconds;
        },
      },
      statistics: {
        rows: (of) => this.#noted(["rows", of], ({ rows }) => rows(of), environment),
        fact: (of, kind, name) =>
          this.#noted([kind, of, name], (statistics) => statistics.fact(of, kind, name), environment),
        testClocks: (account) => this.#noted(["clocks", account], ({ testClocks }) => testClocks(account), environment),
        doubtOf: (of, relied) => this.#noted(["doubt", of, relied], ({ doubtOf }) => doubtOf(of, relied), environment),
      },
    };
  }

  get facts(): readonly AskedFact[] {
    return [...this.#facts.values()];
  }

  #noted<Answer>(question: unknown, ask: (statistics: Statistics) => Answer, { statistics }: PlanEnvironment): Answer {
    const answer = ask(statistics);
    this.#facts.set(JSON.stringify(question), { answer, ask });
    return answer;
  }
}
