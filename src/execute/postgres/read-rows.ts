import type { BoundStatement } from "../../protocol/frontend-messages.js";
import type { Tuple } from "../row-source.js";
import { checkedFrames, refusalError } from "./backend-error.js";
import type { CellColumn } from "./cell-columns.js";
import { cellColumns, readCells } from "./cell-columns.js";
import type { PostgresTurn } from "./postgres-turn.js";

/** Runs a statement in a turn and reads its rows as cells, all of them. What PostgreSQL refuses is thrown. */
export async function readRows(
  turn: PostgresTurn,
  statement: Omit<BoundStatement, "resultFormats">,
): Promise<{ readonly columns: readonly CellColumn[]; readonly tuples: readonly Tuple[] }> {
  const { text } = statement;
  const described = await turn.describe(statement);
  if (described.kind === "refused") throw refusalError(described.refusal, text);
  const columns = cellColumns(described.fields ?? []);
  const resultFormats = columns.map(({ format }) => format);
  const tuples: Tuple[] = [];
  for await (const piece of turn.run({ ...statement, resultFormats }))
    for (const { type, body } of checkedFrames(piece, text)) if (type === "D") tuples.push(readCells(body, columns));
  return { columns, tuples };
}

/** A statement without parameters. */
export function plainStatement(text: string): Omit<BoundStatement, "resultFormats"> {
  return { text, parameterTypes: [], parameterFormats: [], parameters: [] };
}
