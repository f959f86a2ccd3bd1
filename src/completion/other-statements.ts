import { afterLast, assignedNames } from "./clause.js";
import type { Place } from "./place.js";
import { nothing } from "./place.js";
import type { Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

type ReadPlace = (before: readonly Node[]) => Place | undefined;

/** By its first word, what may stand in a statement that is no query. */
const readers: Readonly<Record<string, ReadPlace>> = {
  EXEC: inProcedure,
  EXECUTE: inProcedure,
  CALL: inProcedure,
  DESCRIBE: onlyAtFirst({ kind: "described" }),
  DESC: onlyAtFirst({ kind: "described" }),
  SHOW: onlyAtFirst({ kind: "continuation", words: ["TABLES", "VIEWS", "PROCEDURES", "WRITES", "WRITE", "TIME ZONE"] }),
  REFRESH: onlyAtFirst({ kind: "described" }),
  RESET: onlyAtFirst({ kind: "continuation", words: ["TIME ZONE"] }),
  RESUME: onlyAtFirst({ kind: "continuation", words: ["WRITE"] }),
  FORGET: onlyAtFirst({ kind: "continuation", words: ["WRITE", "ALL"] }),
  DROP: (before) => (before.length > 1 ? { kind: "described" } : { kind: "continuation", words: ["VIEW", "TABLE"] }),
  INSERT: inInsert,
  UPDATE: inUpdate,
  DELETE: (before) => (before.length === 1 ? { kind: "continuation", words: ["FROM"] } : undefined),
  CREATE: inCreate,
  COPY: inCopy,
};

/** Statements that are no queries; undefined where one is a query from here on. */
export function inOtherStatement(before: readonly Node[]): Place | undefined {
  const [first] = before;
  return first?.kind === "word" ? readers[first.text.toUpperCase()]?.(before) : undefined;
}

function onlyAtFirst(place: Place): ReadPlace {
  return (before) => (before.length === 1 ? place : nothing);
}

function inProcedure(before: readonly Node[]): Place | undefined {
  if (before.some((node) => isWord(node, "FROM"))) return undefined;
  const procedure = nameOf(before[1]);
  if (procedure === undefined) return { kind: "procedure" };
  const inputs = before.slice(2);
  const item = afterLast(inputs, ",");
  if (item.length === 0) return { kind: "input", procedure, given: assignedNames(inputs) };
  const input = nameOf(item[0]);
  if (input !== undefined && item.length === 2 && isSymbol(item[1], "=", "=>"))
    return { kind: "input-value", procedure, input };
  return nothing;
}

function inInsert(before: readonly Node[]): Place | undefined {
  if (before.length === 1) return { kind: "continuation", words: ["INTO"] };
  if (before.length === 2) return { kind: "relation" };
  if (before.some((node) => isWord(node, "SELECT", "RETURNING"))) return undefined;
  if (before.some((node) => isWord(node, "VALUES"))) {
    return before.at(-1)?.kind === "group" ? { kind: "continuation", words: ["RETURNING", "ON CONFLICT"] } : nothing;
  }
  return { kind: "continuation", words: ["VALUES", "SELECT"] };
}

function inUpdate(before: readonly Node[]): Place | undefined {
  if (before.length === 1) return { kind: "relation" };
  return before.some((node) => isWord(node, "SET")) ? undefined : { kind: "continuation", words: ["SET", "AS"] };
}

function inCreate(before: readonly Node[]): Place {
  if (isWord(before.at(-1), "AS")) return { kind: "continuation", words: ["SELECT", "WITH"] };
  if (isWord(before.at(-1), "CREATE"))
    return { kind: "continuation", words: ["TEMP VIEW", "TEMP TABLE", "VIEW", "OR REPLACE"] };
  if (isWord(before.at(-1), "REPLACE", "TEMP", "TEMPORARY"))
    return { kind: "continuation", words: ["TEMP", "VIEW", "TABLE"] };
  return isWord(before.at(-1), "VIEW", "TABLE") ? nothing : { kind: "continuation", words: ["AS"] };
}

function inCopy(before: readonly Node[]): Place {
  if (before.length === 1) return { kind: "relation" };
  if (isWord(before.at(-1), "FROM", "TO")) return { kind: "path" };
  return before.some((node) => isWord(node, "FROM", "TO")) ? nothing : { kind: "continuation", words: ["FROM", "TO"] };
}
