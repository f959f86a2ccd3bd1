import type { Expression } from "../expression.js";

/** A table, view or whatever else a statement reads, or writes, that is no common table of its own. */
export interface MentionedRelation {
  /** Undefined where the statement names none, or the one that is looked in first. */
  readonly schema: string | undefined;
  readonly name: string;
  /** Of the name, in the script. */
  readonly position: number | undefined;
}

export interface FunctionArgument {
  /** Undefined for one that is given by its place. */
  readonly name: string | undefined;
  readonly value: Expression;
}

/** A call of a function by its name: an operator, and what has syntax of its own such as CAST, is none. */
export interface MentionedFunction {
  /** Undefined where the statement names none, or pg_catalog. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly arguments: readonly FunctionArgument[];
  readonly position: number | undefined;
  /** Where it stands: in FROM, or where a value is. */
  readonly place: "from" | "value";
}

/** What a statement mentions, wherever it stands in it. */
export interface StatementMentions {
  readonly relations: readonly MentionedRelation[];
  readonly functions: readonly MentionedFunction[];
  /** The numbers of its parameters, each once, in ascending order: 1 for `$1`. */
  readonly parameters: readonly number[];
}

/** Notes what a statement mentions while it is read. */
export class Mentions {
  readonly #relations: MentionedRelation[] = [];
  readonly #functions: MentionedFunction[] = [];
  readonly #parameters = new Set<number>();
  /** The kind of a common table that writes, "DeleteStmt". */
  writingCommonTable: string | undefined;
  /** FOR UPDATE and its like. */
  locks = false;
  /** SELECT … INTO. */
  makesTable = false;

  addRelation(relation: MentionedRelation): void {
    this.#relations.push(relation);
  }

  addFunction(call: MentionedFunction): void {
    this.#functions.push(call);
  }

  addParameter(number: number): void {
    this.#parameters.add(number);
  }

  all(): StatementMentions {
    return {
      relations: this.#relations,
      functions: this.#functions,
      parameters: [...this.#parameters].sort((a, b) => a - b),
    };
  }
}
