import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ColumnName } from "../../syntax/statement.js";
import type { Slot } from "./write-plan.js";

/**
 * Refuses a write that gives one field of the request twice, by the same name or as a part of another
 * (`Address` and `AddressCity`): one of the values would be lost without a word.
 */
export function rejectRepeated(
  names: readonly ColumnName[],
  slots: readonly Slot[],
  word: "column" | "parameter" = "column",
): void {
  const places = slots.map(placeOf);
  places.forEach((place, index) => {
    const earlier = places.findIndex((other, position) => position < index && overlap(place, other));
    const [name, first] = [names[index], names[earlier]];
    if (name === undefined || first === undefined) return;
    const isSame = name.name.toLowerCase() === first.name.toLowerCase();
    throw new StripeSqlError(
      isSame
        ? `${word} "${name.name}" is given more than once`
        : `"${first.name}" and "${name.name}" set the same field`,
      {
        sqlState: SqlState.syntaxError,
        phase: "plan",
        position: name.position,
        hint: isSame ? undefined : "Give the whole as JSON, or its parts.",
      },
    );
  });
}

/** Where a value goes in the request. */
function placeOf(slot: Slot): readonly string[] {
  switch (slot.kind) {
    case "parameter":
    case "merge":
      return ["body", ...slot.parameter.path];
    case "current":
      return ["object", ...slot.structure.parameter.path];
    case "key":
      return ["path", slot.placeholder];
    case "account":
      return ["account"];
  }
}

const overlap = (one: readonly string[], other: readonly string[]): boolean =>
  one.every((key, index) => index >= other.length || key === other[index]);
