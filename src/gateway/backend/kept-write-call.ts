import { SqlState } from "../../error/sql-state.js";
import { keptWriteFunctions } from "../../execute/postgres/schema/kept-write-functions.js";
import { formatAt } from "../../protocol/format-code.js";
import type { CallStatement, QueryStatement } from "../../syntax/postgres/postgres-statement.js";
import type { Statement } from "../../syntax/statement.js";
import { snakeCase } from "../../value/naming.js";
import type { RunContext } from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";
import { decodeParameter } from "../types/decode-parameter.js";
import type { Called, ProcedureCall } from "./procedure-call.js";
import { calledAlone, selectedColumns } from "./procedure-call.js";

/** `CALL resume_write('w-…')`, `SELECT … FROM writes()`: a statement about writes that the journal keeps. */
export function keptWriteCall(
  statement: CallStatement | QueryStatement,
  context: Pick<RunContext, "parameters">,
): ProcedureCall | undefined {
  const called = calledAlone(statement);
  const found = called && keptWriteFunctions.get(called.procedure);
  if (called === undefined || found === undefined) return undefined;
  const { text, offset } = statement;
  const common = { text, offset, parameters: [] };
  const planned: Statement =
    found.statement === "show"
      ? { ...common, kind: "show", what: "writes" }
      : { ...common, kind: found.statement, write: writeOf(called, context) };
  return {
    planned,
    writes: found.statement === "resume",
    columns: Object.keys(found.columns ?? {}).map((name) => ({ name, stripeName: snakeCase(name) })),
    selected: statement.kind === "call" ? undefined : selectedColumns(statement),
  };
}

/** The write's id: a text, or what the client bound. */
function writeOf({ procedure, arguments: given, position }: Called, { parameters }: Pick<RunContext, "parameters">) {
  const value = given[0]?.value;
  if (value?.kind === "literal" && value.value.type === "string") return value.value.value;
  if (value?.kind === "parameter") {
    const { types, formats, values } = parameters;
    const { index } = value;
    const bound = decodeParameter({
      bytes: values[index] ?? null,
      ...{ format: formatAt(formats, index), typeOid: types[index] ?? 0, place: index + 1 },
    });
    if (typeof bound === "string") return bound;
  }
  throw sessionError(`${procedure} takes the id of a write`, SqlState.invalidParameterValue, {
    hint: "SELECT id FROM writes() lists them.",
    position,
  });
}
