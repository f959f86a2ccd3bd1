import type { CommonTableExpression, Expression, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { replaceColumns } from "../../syntax/replace-columns.js";
import { columnNodes, conjuncts } from "../../syntax/walk-expression.js";
import { subqueriesOf, tableReferencesIn } from "../../syntax/walk-query.js";
import type { PlanEnvironment } from "../environment.js";
import type { ColumnSource } from "../predicate/predicate.js";
import type { CommonTables } from "./column-origin.js";
import { commonTableOf, originAt, originInLeaf, textOrigin, withCommonTables } from "./column-origin.js";
import { groupKeys } from "./group-keys.js";
import type { PlacedConjunct } from "./join-tree.js";
import { aliasOf, conjunctsByLeaf, leavesOf } from "./join-tree.js";
import { expressionNamed, outputNames } from "./output-columns.js";
import { isRowWise } from "./row-functions.js";
import type { FromLeaf } from "./scope.js";
import { isStrict } from "./strict-condition.js";

/** Conditions of the queries around that hold within a block as its own WHERE would. */
export interface CarriedConditions {
  /** In the block's own names. */
  readonly of: (block: SelectBlock) => readonly Expression[];
  /** Whether a condition is one of them. */
  readonly has: (condition: Expression) => boolean;
  /** Whether each row that a query gives, or a leaf of FROM is read for, meets all conditions that the queries around have. */
  readonly meetsAll: (reader: Query | FromLeaf) => boolean;
  /** What one of them says of a column and another table's, where it is no expression of the block alone. */
  readonly joined: (condition: Expression) => JoinedCondition | undefined;
}

export interface JoinedCondition {
  readonly subject: ColumnNode;
  readonly source: ColumnSource;
  readonly isMember: boolean;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/**
 * `SELECT * FROM (SELECT Id, Created AS at FROM Charge) q WHERE at >= t` -> `Created >= t` within. Nothing is lost: a
 * condition is carried only where it fails of NULL, so that no outer join can bring back what it leaves out, and only
 * to a block each of whose rows, or groups, stands or falls by itself: not behind LIMIT or a window. In groups it must
 * be of their keys. Of a common table that is read several times, a row is left out that fails each of its readers'
 * conditions. What the block's text says runs unchanged: a condition that is not carried costs requests alone.
 */
export function carriedConditions(query: Query, environment: PlanEnvironment): CarriedConditions {
  if (environment.without.has("carrying"))
    return { of: () => [], has: () => false, meetsAll: () => false, joined: () => undefined };
  const collection = new Collection(query, environment);
  collection.visit(query, [], new Map());
  const all = new Set([...collection.carried.values()].flat());
  return {
    of: (block) => collection.carried.get(block) ?? [],
    has: (condition) => all.has(condition),
    meetsAll: (reader) => !collection.unmet.has(reader),
    joined: (condition) => collection.joined.get(condition),
  };
}

class Collection {
  readonly carried = new Map<SelectBlock, readonly Expression[]>();
  readonly joined = new Map<Expression, JoinedCondition>();
  /** Queries and leaves that some condition of the queries around was not carried to. */
  readonly unmet = new Set<Query | FromLeaf>();
  /** What each reader of a common table asks of its rows. */
  readonly #readers = new Map<CommonTableExpression, (readonly Expression[])[]>();
  readonly #references: readonly TableReference[];
  readonly #environment: PlanEnvironment;

  constructor(query: Query, environment: PlanEnvironment) {
    this.#references = tableReferencesIn(query);
    this.#environment = environment;
  }

  /** Conditions are on the query's columns, by their names. */
  visit(query: Query, conditions: readonly Expression[], outer: CommonTables): void {
    const ctes = withCommonTables(query, outer);
    const wanted = query.limit === undefined && query.offset === undefined ? conditions : [];
    this.#expect(wanted, conditions, query);
    if (query.kind === "select") this.#visitBlock(query, wanted, ctes);
    else {
      const isByName = query.operator.endsWith("by-name");
      const renamed = isByName
        ? this.#renamedBySame(wanted, query)
        : this.#renamed(wanted, outputNames(query.left), query.right);
      this.#expect(renamed, wanted, query.right);
      this.visit(query.left, wanted, ctes);
      this.visit(query.right, renamed, ctes);
    }
    for (const inner of subqueriesOf(query)) this.visit(inner, [], ctes);
    for (const common of [...query.ctes].reverse()) this.#visitCommon(common, ctes);
  }

  #visitCommon(common: CommonTableExpression, ctes: CommonTables): void {
    const readers = this.#readers.get(common) ?? [];
    const known = ctes.get(common.name.toLowerCase())?.ctes ?? ctes;
    const isCounted = readers.length === this.#mentions(common);
    const conditions = common.recursive || !isCounted ? [] : this.#either(readers);
    const named = this.#byPlace(conditions, common.columns, common.query);
    this.#expect(named, readers.flat(), common.query);
    this.visit(common.query, named, known);
  }

  #expect(carried: readonly unknown[], conditions: readonly unknown[], reader: Query | FromLeaf): void {
    if (carried.length < conditions.length) this.unmet.add(reader);
  }

  /** BY NAME: a condition on columns that the right side gives under the same names; NULL stands for others. */
  #renamedBySame(
    conditions: readonly Expression[],
    { right }: Extract<Query, { kind: "set-operation" }>,
  ): readonly Expression[] {
    const names = outputNames(right) ?? [];
    return this.#renamedTo(conditions, names, names);
  }

  /** As the text has them: a reader that was overlooked would miss rows. */
  #mentions({ name }: CommonTableExpression): number {
    const isMention = (reference: TableReference): boolean =>
      reference.schema === undefined && reference.name.toLowerCase() === name.toLowerCase();
    return this.#references.filter(isMention).length;
  }

  /** What holds of each row that any of the readers wants. */
  #either(readers: readonly (readonly Expression[])[]): readonly Expression[] {
    const [only, another] = readers;
    if (only === undefined || another === undefined) return only ?? [];
    const own = readers.map((conditions) => conditions.filter((condition) => !this.joined.has(condition)));
    if (own.some((conditions) => conditions.length === 0)) return [];
    return [{ kind: "or", operands: own.map((operands) => ({ kind: "and", operands })) }];
  }

  #visitBlock(block: SelectBlock, conditions: readonly Expression[], ctes: CommonTables): void {
    const carried = conditions.flatMap((condition) => this.#translated(condition, block) ?? []);
    this.#expect(carried, conditions, block);
    const within = [...carried, ...conditionsOnGroups(block)];
    this.carried.set(block, within);
    const operands = [...(block.where === undefined ? [] : [block.where]), ...within];
    const placed = conjunctsByLeaf({ ...block, where: operands.length === 0 ? undefined : { kind: "and", operands } });
    for (const leaf of leavesOf(block.from)) this.#visitLeaf(leaf, placed.get(leaf) ?? [], ctes);
  }

  #visitLeaf(leaf: FromLeaf, placed: readonly PlacedConjunct[], ctes: CommonTables): void {
    if (leaf.kind === "pivot") {
      for (const source of leavesOf(leaf.source)) this.#visitLeaf(source, [], ctes);
      return;
    }
    const common = commonTableOf(leaf, ctes);
    if (leaf.kind !== "derived" && common === undefined) return;
    const conditions = placed.flatMap((conjunct) => this.#conditionOn(leaf, conjunct, ctes) ?? []);
    this.#expect(conditions, placed, leaf);
    if (leaf.kind === "derived") {
      const named = this.#byPlace(conditions, leaf.columns, leaf.query);
      this.#expect(named, conditions, leaf);
      this.visit(leaf.query, named, ctes);
    }
    if (common === undefined) return;
    const { definition } = common;
    const names = definition.columns.length > 0 ? definition.columns : outputNames(definition.query);
    const named = leaf.columns.length === 0 ? conditions : this.#renamedTo(conditions, leaf.columns, names);
    this.#expect(named, conditions, leaf);
    this.#readers.set(definition, [...(this.#readers.get(definition) ?? []), named]);
  }

  /** The condition as one on the leaf's columns alone, without their qualifier. */
  #conditionOn(leaf: FromLeaf, { expression, visible }: PlacedConjunct, ctes: CommonTables): Expression | undefined {
    const others = visible.filter((other) => other !== leaf);
    const ownName = (node: ColumnNode): ColumnNode | undefined =>
      isOf(leaf, node, others) ? { ...node, table: undefined } : undefined;
    const known = this.joined.get(expression);
    const joined = known ?? this.#joinedOf(expression, { leaf, others, ctes });
    if (joined !== undefined) {
      const subject = ownName(joined.subject);
      return subject && this.#mark({ ...joined, subject });
    }
    if (!isStrict(expression) || columnNodes(expression).length === 0) return undefined;
    return replaceColumns(expression, ownName);
  }

  /** `q.Customer = c.Id`, `q.Customer IN (SELECT Id FROM Customer)`: what another table's column tells of the leaf's. */
  #joinedOf(
    expression: Expression,
    {
      leaf,
      others,
      ctes,
    }: { readonly leaf: FromLeaf; readonly others: readonly FromLeaf[]; readonly ctes: CommonTables },
  ): JoinedCondition | undefined {
    const context = { ctes, environment: this.#environment };
    if (expression.kind === "in-query" && !expression.negated && expression.operand.kind === "column") {
      const origin = textOrigin(originAt(expression.query, 0, context));
      return origin?.kind === "column"
        ? { subject: expression.operand, source: origin.source, isMember: true }
        : undefined;
    }
    if (expression.kind !== "comparison" || expression.operator !== "=") return undefined;
    const { left, right } = expression;
    for (const [subject, value] of [[left, right] as const, [right, left] as const]) {
      if (subject.kind !== "column" || value.kind !== "column" || value.table === undefined) continue;
      const other = others.find((candidate) => aliasOf(candidate) === value.table?.toLowerCase());
      const origin =
        other && isOf(leaf, subject, others) ? textOrigin(originInLeaf(other, value.name, context)) : undefined;
      if (origin?.kind === "column") return { subject, source: origin.source, isMember: false };
    }
    return undefined;
  }

  #mark(condition: JoinedCondition): Expression {
    const marker: Expression = { kind: "other", operands: [condition.subject] };
    this.joined.set(marker, condition);
    return marker;
  }

  /** Conditions on names that were given to a query's columns; as they are where none were. */
  #byPlace(conditions: readonly Expression[], names: readonly string[], query: Query): readonly Expression[] {
    return names.length === 0 ? conditions : this.#renamed(conditions, names, query);
  }

  #renamed(
    conditions: readonly Expression[],
    names: readonly string[] | undefined,
    query: Query,
  ): readonly Expression[] {
    return this.#renamedTo(conditions, names, outputNames(query));
  }

  /** Conditions under the names that stand in the same places; one whose place is not known is left out. */
  #renamedTo(
    conditions: readonly Expression[],
    names: readonly string[] | undefined,
    others: readonly string[] | undefined,
  ): readonly Expression[] {
    return conditions.flatMap(
      (condition) =>
        this.#replaced(condition, (node) => {
          const index = names?.findIndex((name) => name.toLowerCase() === node.name.toLowerCase()) ?? -1;
          const name = others?.[index];
          return name === undefined ? undefined : { ...node, name };
        }) ?? [],
    );
  }

  /** A condition on a block's columns as one on what it reads. */
  #translated(condition: Expression, block: SelectBlock): Expression | undefined {
    return this.#replaced(condition, (node) => expressionNamed(node.name, block));
  }

  #replaced(condition: Expression, within: (node: ColumnNode) => Expression | undefined): Expression | undefined {
    const joined = this.joined.get(condition);
    if (joined === undefined) return replaceColumns(condition, within);
    const subject = within(joined.subject);
    return subject?.kind === "column" ? this.#mark({ ...joined, subject }) : undefined;
  }
}

/**
 * HAVING's conditions on what the rows are grouped by alone, and QUALIFY's on what parts the rows of all windows: a group
 * that fails one is left out whole, and so is a partition.
 */
function conditionsOnGroups(block: SelectBlock): readonly Expression[] {
  const conditions = [...conjuncts(block.having), ...conjuncts(block.qualify)];
  const keys = conditions.length === 0 ? undefined : groupKeys(block);
  if (keys === undefined) return [];
  // There a name may be an output's, whatever the column of that name is.
  const isAlias = ({ name, table }: ColumnNode): boolean =>
    table === undefined && block.items.some(({ alias }) => alias?.toLowerCase() === name.toLowerCase());
  const isKey = (node: ColumnNode): boolean => keys.has(node) && !isAlias(node);
  return conditions.flatMap((condition) => {
    const isOnKeys = isRowWise(condition) && isStrict(condition) && columnNodes(condition).length > 0;
    return (isOnKeys && replaceColumns(condition, (node) => (isKey(node) ? node : undefined))) || [];
  });
}

/** By its qualifier, or where no other leaf may have a column of the name: of those, each needs a qualifier. */
function isOf(leaf: FromLeaf, { table }: ColumnNode, others: readonly FromLeaf[]): boolean {
  return table === undefined ? others.length === 0 : aliasOf(leaf) === table.toLowerCase();
}

/** The block with what is carried to it in its WHERE. */
export function withCarried(block: SelectBlock, { of }: CarriedConditions): SelectBlock {
  const more = of(block);
  return more.length === 0
    ? block
    : { ...block, where: { kind: "and", operands: [...conjuncts(block.where), ...more] } };
}
