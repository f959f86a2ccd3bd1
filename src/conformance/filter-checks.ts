import { baseParametersBeside } from "../catalog/base-parameters.js";
import type { Column, Filter } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import type { AskedServer } from "./asked-server.js";
import { answerText } from "./asked-server.js";
import { fieldValue } from "./declared-fields.js";
import type { Verdict } from "./finding.js";
import { agrees, disagreesWhere, untold } from "./finding.js";
import type { TableSample } from "./sampled-table.js";
import { answeredRows, limitOf } from "./sampled-table.js";

interface FilteredRow {
  readonly row: JsonObject;
  readonly column: Column;
  readonly value: Json;
}

/** Filters by a row's own value: that row must be in the answer, and none that contradicts it. */
export async function checkFilter(filter: Filter, sample: TableSample, server: AskedServer): Promise<Verdict> {
  const column = filter.pseudo ? undefined : sample.table.columns.find(({ name }) => name === filter.column);
  if (column === undefined) return untold("no field tells its value");
  const chosen = chooseRow(sample, column, filter.enumValues);
  if (chosen === undefined) return untold("no row has a value");
  if (filter.operators !== "range")
    return checkMatch({ filter, chosen, given: givenValue(filter, chosen.value) }, sample, server);
  const within = await checkMatch({ filter, chosen, given: { gte: chosen.value, lte: chosen.value } }, sample, server);
  return within.verdict === "agrees" ? checkBeyond({ filter, chosen }, sample, server) : within;
}

function givenValue({ operators }: Filter, value: Json): Json {
  return operators === "any-of" ? [value] : value;
}

/** Of rows with a value that the filter takes one that another row differs from, so that the filter has something to leave out. */
function chooseRow(
  { rows }: TableSample,
  column: Column,
  words: readonly string[] | undefined,
): FilteredRow | undefined {
  const valued = rows.flatMap((row) => {
    const value = fieldValue(row, column);
    return value === undefined || value === null || value === "" || typeof value === "object"
      ? []
      : [{ row, column, value }];
  });
  const taken = valued.filter(({ value }) => words === undefined || words.includes(String(value)));
  return taken.find(({ value }) => valued.some((other) => other.value !== value)) ?? taken[0];
}

interface Match {
  readonly filter: Filter;
  readonly chosen: FilteredRow;
  readonly given: Json;
}

async function checkMatch(
  { filter, chosen, given }: Match,
  sample: TableSample,
  server: AskedServer,
): Promise<Verdict> {
  const answer = await server.get(sample.path, parametersWith(filter, given, sample));
  const rows = answeredRows(sample.list, answer);
  if (rows === undefined || answer.kind !== "object")
    return disagreesWhere([`${filter.parameter} is refused: ${answerText(answer)}`]);
  const faults = filter.exact ? contradictions(rows, chosen) : [];
  const isThere = rows.some((row) => row["id"] === chosen.row["id"]);
  if (!isThere && rows.length >= 100)
    return faults.length > 0 ? disagreesWhere(faults) : untold("the row may be on a later page");
  return disagreesWhere(isThere ? faults : [...faults, `the row with ${shown(chosen)} is not in the answer`]);
}

/** A row at a bound is beyond it: `gt` and `lt` leave it out. */
async function checkBeyond(
  { filter, chosen }: Omit<Match, "given">,
  sample: TableSample,
  server: AskedServer,
): Promise<Verdict> {
  const answer = await server.get(sample.path, parametersWith(filter, { gt: chosen.value }, sample));
  const rows = answeredRows(sample.list, answer);
  if (rows === undefined) return disagreesWhere([`${filter.parameter}[gt] is refused: ${answerText(answer)}`]);
  const isThere = rows.some((row) => row["id"] === chosen.row["id"]);
  return isThere ? disagreesWhere([`the row with ${shown(chosen)} is in the answer to gt`]) : agrees;
}

function parametersWith(filter: Filter, value: Json, { parameters, list }: TableSample): JsonObject {
  return {
    ...baseParametersBeside(parameters, [filter.parameter]),
    ...filter.companions,
    [filter.parameter]: value,
    ...limitOf(list, 100),
  };
}

function contradictions(rows: readonly JsonObject[], { column, value }: FilteredRow): readonly string[] {
  return rows.flatMap((row) => {
    const found = fieldValue(row, column);
    return found === undefined || found === value
      ? []
      : [`${column.path.join(".")} is ${JSON.stringify(found)} in a row, not ${JSON.stringify(value)}`];
  });
}

const shown = ({ column, value }: FilteredRow): string => `${column.path.join(".")} ${JSON.stringify(value)}`;
