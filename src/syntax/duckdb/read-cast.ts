import type { Expression } from "../expression.js";
import { readBooleanWord } from "./read-constant.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nodeAt, nodesAt, textAt } from "./serialized-node.js";
import { typeName } from "./type-name.js";

/** CAST, `::`, TRY_CAST, and the literals that DuckDB makes casts of: TRUE, DATE '…', INTERVAL '7 days'. */
export function readCast(node: SerializedNode, reading: Reading): Expression {
  const child = nodeAt(node, "child") ?? {};
  const word = textAt(child, "class") === "CONSTANT" ? readBooleanWord(child, reading) : undefined;
  if (word !== undefined) return word;
  const operand = reading.expression(child, reading);
  if (node["try_cast"] === true) return { kind: "other", operands: [operand] };
  const type = typeName(nodeAt(node, "cast_type") ?? {});
  const isInterval = type === "INTERVAL" && operand.kind === "literal" && operand.value.type === "string";
  return isInterval ? { kind: "interval", text: operand.value.value } : { kind: "cast", operand, type };
}

const intervalUnits: ReadonlyMap<string, string> = new Map([
  ["to_microseconds", "microsecond"],
  ["to_milliseconds", "millisecond"],
  ["to_seconds", "second"],
  ["to_minutes", "minute"],
  ["to_hours", "hour"],
  ["to_days", "day"],
  ["to_weeks", "week"],
  ["to_months", "month"],
  ["to_quarters", "quarter"],
  ["to_years", "year"],
  ["to_decades", "decade"],
  ["to_centuries", "century"],
  ["to_millennia", "millennium"],
]);

/** `INTERVAL 7 DAY`, which is to_days of the number brought to its type; undefined for any other call. */
export function readInterval(node: SerializedNode, reading: Reading): Expression | undefined {
  const unit = intervalUnits.get(textAt(node, "function_name"));
  const quantity = unit === undefined ? undefined : quantityOf(node);
  if (unit === undefined || quantity === undefined) return undefined;
  const operand = reading.expression(quantity, reading);
  if (operand.kind !== "literal" || !("text" in operand.value || operand.value.type === "string"))
    return { kind: "other", operands: [operand] };
  const amount = "text" in operand.value ? operand.value.text : operand.value.value;
  return { kind: "interval", text: `${amount} ${unit}` };
}

/** Beneath CAST(trunc(CAST(quantity AS DOUBLE)) AS INTEGER), or the inner cast alone, that stands where its operand does. */
function quantityOf(call: SerializedNode): SerializedNode | undefined {
  const outer = onlyChild(call);
  const inner = outer === undefined ? undefined : nodeAt(outer, "child");
  const isTruncated = inner !== undefined && textAt(inner, "function_name") === "trunc";
  const cast = isTruncated ? onlyChild(inner) : outer;
  const quantity = cast === undefined ? undefined : nodeAt(cast, "child");
  if (cast === undefined || quantity === undefined || textAt(cast, "class") !== "CAST") return undefined;
  const isMade = cast["query_location"] === quantity["query_location"];
  return isMade && typeName(nodeAt(cast, "cast_type") ?? {}) === "DOUBLE" ? quantity : undefined;
}

function onlyChild(node: SerializedNode): SerializedNode | undefined {
  const [only, ...rest] = nodesAt(node, "children");
  return rest.length === 0 ? only : undefined;
}
