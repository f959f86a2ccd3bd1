import { expect, it } from "vitest";
import { distinctNames } from "../../src/driver/row-objects.js";

it("columns of one name are told apart by a number, past those that are taken", () => {
  expect(distinctNames(["Id", "Id", "Id"])).toEqual(["Id", "Id_1", "Id_2"]);
  expect(distinctNames(["Id", "Id_1", "Id"])).toEqual(["Id", "Id_1", "Id_2"]);
  expect(distinctNames(["a", "A"])).toEqual(["a", "A"]);
  expect(distinctNames([])).toEqual([]);
});
