import type { Node } from "libpg-query";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { tooDeep } from "../syntax-error.js";
import { innerPlace } from "./inner-statement.js";
import { Mentions } from "./mentions.js";
import { readNameUses } from "./name-uses.js";
import type { NodeKind, NodeOf } from "./node.js";
import { namesOf, openNode } from "./node.js";
import type { PostgresStatement } from "./postgres-statement.js";
import { readExpression } from "./read-expression.js";
import { readFrom, readRelationName } from "./read-from.js";
import { argumentsOf, functionName } from "./read-function.js";
import { readQuery } from "./read-query.js";
import {
  readCopyEnd,
  readDiscard,
  readFetch,
  readNotification,
  readOptions,
  readSetting,
  readTransaction,
} from "./read-session.js";
import { notSupported, readDelete, readInsert, readUpdate } from "./read-write.js";
import type { Reading } from "./reading.js";
import { requireFewJoins } from "./require-few-joins.js";
import { ownTypeName } from "./type-name.js";

/** A statement's own text and place, and what is the same for all of a script. */
export interface StatementPlace
  extends Pick<Reading, "offsets" | "defaultSchema" | "writesIsoDates" | "views" | "explained"> {
  /** The whole script. */
  readonly script: string;
  readonly text: string;
  readonly offset: number;
}

type WithoutPlace<Each> = Each extends PostgresStatement ? Omit<Each, "text" | "offset"> : never;
type Own = WithoutPlace<PostgresStatement>;

/** One statement of a script, or one that another holds. What cannot be read, or done here, is `refused`: nothing is thrown. */
export function readStatement(node: Node, place: StatementPlace): PostgresStatement {
  const { text, offset } = place;
  try {
    return { text, offset, ...readOwn(node, place) };
  } catch (error) {
    if (error instanceof StripeSqlError) return { text, offset, kind: "refused", error };
    if (error instanceof RangeError) return { text, offset, kind: "refused", error: tooDeep(error) };
    throw error;
  }
}

function readOwn(node: Node, place: StatementPlace): Own {
  const opened = openNode(node);
  if (opened === undefined) return { kind: "other", node: "" };
  const [kind, content] = opened;
  // Of each kind the reader takes what a node of that kind holds.
  const read = (
    readers as Readonly<Record<string, ((content: object, place: StatementPlace) => Own | undefined) | undefined>>
  )[kind];
  return read?.(content, place) ?? { kind: "other", node: kind };
}

type Readers = { readonly [Kind in NodeKind]?: (node: NodeOf<Kind>, place: StatementPlace) => Own | undefined };

const readers: Readers = {
  SelectStmt: (select, place) => {
    const reading = readingOf(select, place);
    requireFewJoins(select);
    const query = readQuery(select, reading);
    const { mentions } = reading;
    rejectWritingCommonTable(mentions);
    return mentions.makesTable
      ? { kind: "other", node: "SelectIntoStmt" }
      : { kind: "query", query, locks: mentions.locks, ...mentions.all() };
  },
  InsertStmt: (node, place) => withMentions(node, place, (reading) => readInsert(node, reading)),
  UpdateStmt: (node, place) => withMentions(node, place, (reading) => readUpdate(node, reading)),
  DeleteStmt: (node, place) => withMentions(node, place, (reading) => readDelete(node, reading)),
  MergeStmt: () => {
    throw notSupported("MERGE", "Write INSERT, UPDATE and DELETE as statements of their own.");
  },
  CallStmt: ({ funccall = {} }, place) =>
    withMentions(funccall, place, (reading) => {
      const { schema, name } = functionName(funccall);
      const position = place.offsets.ofByte(funccall.location);
      return { kind: "call", schema, procedure: name, arguments: argumentsOf(funccall, reading), position };
    }),
  VariableSetStmt: readSetting,
  VariableShowStmt: ({ name = "" }) => ({ kind: "show", name }),
  DiscardStmt: readDiscard,
  TransactionStmt: readTransaction,
  DeclareCursorStmt: readDeclare,
  FetchStmt: readFetch,
  ClosePortalStmt: ({ portalname }) => ({ kind: "close", cursor: portalname }),
  CopyStmt: readCopy,
  PrepareStmt: ({ name = "", argtypes = [], query }, place) => ({
    kind: "prepare",
    name,
    types: argtypes.flatMap((node) => ("TypeName" in node ? [ownTypeName(node.TypeName)] : [])),
    statement: readInner("PrepareStmt", query, place),
  }),
  ExecuteStmt: ({ name = "", params = [] }, place) =>
    withMentions(params, place, (reading) => ({
      kind: "execute",
      name,
      arguments: params.map((node) => readExpression(node, reading)),
    })),
  DeallocateStmt: ({ name }) => ({ kind: "deallocate", name }),
  ExplainStmt: ({ query, options }, place) => ({
    kind: "explain",
    options: readOptions(options),
    statement: readInner("ExplainStmt", query, { ...place, explained: true }),
  }),
  ListenStmt: (node) => readNotification("listen", node),
  UnlistenStmt: (node) => readNotification("unlisten", node),
  NotifyStmt: (node) => readNotification("notify", node),
  LockStmt: ({ relations = [] }, place) => ({ kind: "lock", relations: relationsOf(relations, place) }),
  VacuumStmt: ({ rels = [], is_vacuumcmd: isVacuum }, place) => ({
    kind: "maintenance",
    action: isVacuum === true ? "vacuum" : "analyze",
    relations: relationsOf(rels, place),
  }),
};

function readingOf(tree: unknown, place: StatementPlace): Reading {
  const { script, offsets, defaultSchema, writesIsoDates, views, explained } = place;
  return {
    text: script,
    offsets,
    mentions: new Mentions(),
    uses: readNameUses(tree),
    defaultSchema,
    writesIsoDates,
    views,
    explained,
    outside: new Set(),
    commonTables: new Set(),
    windows: new Map(),
    sampled: false,
    query: readQuery,
    from: readFrom,
    expression: readExpression,
  };
}

function withMentions<Part>(tree: unknown, place: StatementPlace, read: (reading: Reading) => Part) {
  const reading = readingOf(tree, place);
  requireFewJoins(tree);
  const part = read(reading);
  rejectWritingCommonTable(reading.mentions);
  return { ...part, ...reading.mentions.all() };
}

function rejectWritingCommonTable({ writingCommonTable }: Mentions): void {
  if (writingCommonTable === undefined) return;
  throw notSupported(
    "WITH over a statement that writes",
    "Write it as a statement of its own; INSERT, UPDATE and DELETE have RETURNING.",
  );
}

/** What DECLARE notes of a cursor, as bits. Source: CURSOR_OPT_BINARY in nodes/parsenodes.h */
const binary = 0x01;
const scroll = 0x02;
const noScroll = 0x04;
const hold = 0x20;

function readDeclare({ portalname = "", options = 0, query }: NodeOf<"DeclareCursorStmt">, place: StatementPlace): Own {
  return {
    kind: "declare",
    cursor: portalname,
    statement: readInner("DeclareCursorStmt", query, place),
    isBinary: (options & binary) !== 0,
    isScrollable: (options & (scroll | noScroll)) === 0 ? undefined : (options & scroll) !== 0,
    isHeld: (options & hold) !== 0,
  };
}

function readCopy(node: NodeOf<"CopyStmt">, place: StatementPlace): Own {
  const { relation, query, attlist, is_from: isFrom, whereClause } = node;
  const end = readCopyEnd(node);
  const options = readOptions(node.options);
  if (relation === undefined)
    return {
      kind: "copy-to",
      source: { kind: "statement", statement: readInner("CopyStmt", query, place) },
      destination: end,
      options,
    };
  const table = readRelationName(relation, readingOf(relation, place));
  const columns = namesOf(attlist);
  if (isFrom !== true) return { kind: "copy-to", source: { kind: "table", table, columns }, destination: end, options };
  if (whereClause !== undefined) throw notSupported("COPY … FROM … WHERE", "Leave the rows out that are not meant.");
  return { kind: "copy-from", table, columns, origin: end, options };
}

function readInner(
  holder: Parameters<typeof innerPlace>[0],
  node: Node | undefined,
  place: StatementPlace,
): PostgresStatement {
  const { start, end } = innerPlace(holder, place.text);
  return readStatement(node ?? { List: {} }, {
    ...place,
    text: place.text.slice(start, end),
    offset: place.offset + start,
  });
}

function relationsOf(nodes: readonly Node[], place: StatementPlace) {
  const reading = readingOf(nodes, place);
  for (const node of nodes) {
    const relation =
      "RangeVar" in node ? node.RangeVar : "VacuumRelation" in node ? node.VacuumRelation.relation : undefined;
    if (relation !== undefined) readRelationName(relation, reading);
  }
  return reading.mentions.all().relations;
}
