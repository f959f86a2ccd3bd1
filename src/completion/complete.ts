import type { CompletionColumn, CompletionNames } from "./names.js";
import type { Place } from "./place.js";
import { placeAt } from "./place-at.js";
import type { Scope, ScopedRelation } from "./scope.js";
import { findColumn, isSame, scopesAt } from "./scope.js";
import type { Level, StatementAtCursor } from "./statement-tree.js";
import { nameOf, statementAtCursor } from "./statement-tree.js";
import { functionNames, statementWords } from "./words.js";

export interface Candidate {
  /** What takes the place of what was typed. */
  readonly text: string;
  readonly kind: "keyword" | "table" | "column" | "value" | "function" | "procedure" | "input" | "join";
  /** A column's type, or the tables of a join: for whoever shows more than the text. */
  readonly detail?: string | undefined;
}

/** What a statement may go on with at a place of it. */
export interface Completion {
  /** Offsets of what a candidate replaces; `to` is the cursor. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
  /** True where a file's path is being typed, which only the caller can complete. */
  readonly isPath: boolean;
}

/** Completes the statement of a text that the cursor stands in, by all of it, also what stands behind the cursor. */
export function complete(text: string, at: number, names: CompletionNames): Completion {
  const cursor = Math.max(0, Math.min(at, text.length));
  const statement = statementAtCursor(text, cursor);
  if (statement === undefined) return { from: cursor, to: cursor, candidates: [], isPath: false };
  const { typed } = statement;
  const isQuoted = typed?.kind === "string";
  const place = placeAt(statement.levels, isQuoted);
  if (place.kind === "path")
    return { from: cursor - (typed?.text.length ?? 0), to: cursor, candidates: [], isPath: true };
  const found = candidatesAt(place, statement, names).filter(({ text: one }) => fits(one, typed));
  return {
    from: typed?.start ?? cursor,
    to: cursor,
    candidates: unique(found.map((one) => asTyped(one, typed))),
    isPath: false,
  };
}

type Typed = StatementAtCursor["typed"];

function fits(candidate: string, typed: Typed): boolean {
  const wanted = typed?.kind === "string" ? `'${typed.text}` : (typed?.text ?? "");
  return candidate.toLowerCase().startsWith(wanted.toLowerCase());
}

/** Keywords in the case in which they are typed, names in quotes where those are. */
function asTyped(candidate: Candidate, typed: Typed): Candidate {
  if (typed?.kind === "name") return { ...candidate, text: `"${candidate.text}"` };
  const isLower = typed?.kind === "word" && typed.text === typed.text.toLowerCase();
  return candidate.kind === "keyword" && isLower ? { ...candidate, text: candidate.text.toLowerCase() } : candidate;
}

function unique(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(candidates.map((one) => [one.text, one])).values()];
}

function candidatesAt(
  place: Place,
  { levels, typed }: StatementAtCursor,
  names: CompletionNames,
): readonly Candidate[] {
  switch (place.kind) {
    case "statement":
      return keywords(statementWords);
    case "continuation":
      return keywords(place.words);
    case "relation":
      return relationCandidates(names, scopesAt(levels, names), typed?.text ?? "");
    case "schema":
      return names.relations
        .filter(({ schema }) => schema !== undefined && isSame(schema, place.schema))
        .map(({ name }) => table(name));
    case "operand":
      return operandCandidates(place, scopesAt(levels, names), typed);
    case "qualified":
      return qualifiedColumns(scopesAt(levels, names), place.qualifier).map(column);
    case "value":
      return values(columnAt(scopesAt(levels, names), place.of.column, place.of.qualifier));
    case "common-column":
      return commonColumns(scopesAt(levels, names)).map(column);
    case "written-column":
      return writtenColumns(levels, names, place.by).filter(notGiven(place.given)).map(column);
    case "inserted-value":
      return values(writtenColumns(levels, names, "insert").find(({ name }) => isSame(name, place.column)));
    case "procedure":
      return names.procedures.map((text) => ({ text, kind: "procedure" }));
    case "input":
      return names
        .inputs(place.procedure)
        .filter(notGiven(place.given))
        .map((one) => ({ ...column(one), kind: "input" }));
    case "input-value":
      return values(names.inputs(place.procedure).find(({ name }) => isSame(name, place.input)));
    case "described":
      return [
        ...relationCandidates(names, [], typed?.text ?? ""),
        ...names.procedures.map((text) => ({ text, kind: "procedure" as const })),
      ];
    default:
      return [];
  }
}

const keywords = (words: readonly string[]): readonly Candidate[] => words.map((text) => ({ text, kind: "keyword" }));
const table = (text: string): Candidate => ({ text, kind: "table" });
const column = ({ name, type }: CompletionColumn): Candidate => ({ text: name, kind: "column", detail: type });

function notGiven(given: readonly string[]): (one: CompletionColumn) => boolean {
  return ({ name }) => !given.some((other) => isSame(other, name));
}

/** Tables by SQL's names; by Stripe's where what is typed is one, or can be no other. */
function relationCandidates(names: CompletionNames, scopes: readonly Scope[], typed: string): readonly Candidate[] {
  const common = scopes[0]?.commonTables ?? [];
  const own = [
    ...common,
    ...names.relations.map(({ name, schema }) => (schema === undefined ? name : `${schema}.${name}`)),
  ];
  const isOwn = own.some((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
  const stripe = names.stripeNames().filter((name) => !isOwn || isSame(name, typed));
  return (isOwn ? [...own, ...stripe] : stripe).map(table);
}

function operandCandidates(
  place: Extract<Place, { readonly kind: "operand" }>,
  scopes: readonly Scope[],
  typed: Typed,
): readonly Candidate[] {
  const all = scopes.flatMap(({ relations }) => relations);
  const beside = place.beside && columnAt(scopes, place.beside.column, place.beside.qualifier);
  const told = [...values(beside), ...(place.joins ? joinConditions(scopes[0]) : [])];
  const aliases = all.length > 1 ? all.filter(({ name }) => name !== "").map(({ name }) => table(`${name}.`)) : [];
  const columns = [...unambiguousColumns(all).map(column), ...aliases];
  if (typed === undefined) return [...told, ...columns];
  const functions: readonly Candidate[] = functionNames.map((name) => ({ text: `${name}(`, kind: "function" }));
  return [...told, ...columns, ...functions, ...keywords(place.words)];
}

/** What may stand without a qualifier; of nested SELECTs the inner one's name goes before. */
function unambiguousColumns(relations: readonly ScopedRelation[]): readonly CompletionColumn[] {
  const counts = new Map<string, number>();
  for (const { columns } of relations) {
    for (const { name } of columns) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  }
  return relations.flatMap(({ columns }) => columns.filter(({ name }) => counts.get(name.toLowerCase()) === 1));
}

function qualifiedColumns(scopes: readonly Scope[], qualifier: string): readonly CompletionColumn[] {
  const relations = scopes.flatMap((scope) => scope.relations);
  const byName = relations.find(({ name }) => isSame(name, qualifier));
  return (byName ?? relations.find((one) => one.table !== undefined && isSame(one.table, qualifier)))?.columns ?? [];
}

function columnAt(scopes: readonly Scope[], name: string, qualifier: string | undefined): CompletionColumn | undefined {
  for (const { relations } of scopes) {
    const found = findColumn(relations, name, qualifier);
    if (found !== undefined) return found;
  }
  return undefined;
}

function values(of: CompletionColumn | undefined): readonly Candidate[] {
  if (of === undefined) return [];
  if (of.isBoolean) return keywords(["TRUE", "FALSE"]);
  return of.enumValues.map((value) => ({ text: `'${value.replaceAll("'", "''")}'`, kind: "value" }));
}

/** `c.Id = h.Customer`: by the references between the relation that is joined, the last so far, and those before it. */
function joinConditions(scope: Scope | undefined): readonly Candidate[] {
  const relations = scope?.relations.slice(0, scope.named) ?? [];
  const joined = relations.at(-1);
  if (joined === undefined) return [];
  return relations.slice(0, -1).flatMap((other) => [...references(joined, other), ...references(other, joined)]);
}

function references(from: ScopedRelation, to: ScopedRelation): readonly Candidate[] {
  return from.columns.flatMap(({ name, references: referenced }) => {
    if (referenced === undefined || to.table === undefined || !isSame(referenced.table, to.table)) return [];
    const key = to.columns.find((one) => isSame(one.name, referenced.column));
    if (key === undefined) return [];
    return [
      {
        text: `${from.name}.${name} = ${to.name}.${key.name}`,
        kind: "join",
        detail: `${from.table ?? from.name} → ${to.table}`,
      },
    ];
  });
}

function commonColumns(scopes: readonly Scope[]): readonly CompletionColumn[] {
  const [first, ...others] = scopes.find(({ relations }) => relations.length > 0)?.relations ?? [];
  if (first === undefined || others.length === 0) return [];
  return first.columns.filter(({ name }) =>
    others.some(({ columns }) => columns.some((one) => isSame(one.name, name))),
  );
}

/** The columns that the INSERT or UPDATE around the cursor takes. */
function writtenColumns(
  levels: readonly Level[],
  names: CompletionNames,
  by: "insert" | "update",
): readonly CompletionColumn[] {
  const nodes = levels[0]?.nodes ?? [];
  const start =
    nodes.findIndex((node) => node.kind === "word" && ["INTO", "UPDATE", "COPY"].includes(node.text.toUpperCase())) + 1;
  const isQualified = nodes[start + 1]?.kind === "symbol" && nameOf(nodes[start + 2]) !== undefined;
  const name = nameOf(nodes[isQualified ? start + 2 : start]);
  const relation =
    name === undefined ? undefined : names.relation(name, isQualified ? nameOf(nodes[start]) : undefined);
  return (by === "insert" ? relation?.insertable : relation?.updatable) ?? [];
}
