import { expect, it } from "vitest";
import { distinctNames } from "../../src/driver/row-objects.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

it("columns of one name are told apart by a number, past those that are taken", () => {
  expect(distinctNames(["Id", "Id", "Id"])).toEqual(["Id", "Id_1", "Id_2"]);
  expect(distinctNames(["Id", "Id_1", "Id"])).toEqual(["Id", "Id_1", "Id_2"]);
  expect(distinctNames(["a", "A"])).toEqual(["a", "A"]);
  expect(distinctNames([])).toEqual([]);
});

it("fields without names are called as PostgreSQL calls them, at every depth: none is lost", async () => {
  const { rows, columns } = await running.query(
    "SELECT ROW(1, 'a') AS pair, [ROW(1, ROW(2, 3))] AS list, MAP {'k': (4, NULL)} AS map, row(Id, 5) IS NULL AS none FROM Customer LIMIT 1",
  );
  expect(columns[0]?.type).toBe('STRUCT("f1" INTEGER, "f2" VARCHAR)');
  expect(rows).toEqual([
    {
      pair: { f1: 1, f2: "a" },
      list: [{ f1: 1, f2: { f1: 2, f2: 3 } }],
      map: [{ key: "k", value: { f1: 4, f2: null } }],
      none: false,
    },
  ]);
});
