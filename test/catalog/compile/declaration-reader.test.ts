import { describe, expect, test } from "vitest";
import { readDeclarations } from "../../../src/catalog/compile/declaration-reader.js";

const text = `
import { Customer, DeletedCustomer as Gone } from '../Customers.js';
import * as Billing from './Billing/index.js';
export { Meter } from './Meters.js';
/**
 * A thing
 * of two lines.
 */
export interface Thing extends Base {
  /** Its id. */
  id: string;
  customer?: string | Customer | null;
  kind: Thing.Kind;
  tags: { [key: string]: string };
  'odd-name': Array<number>;
}
export declare namespace Thing {
  type Kind = 'a' | 'b' | OtherString;
  interface Part { size: number }
  namespace Part { interface Inner { deep: boolean } }
}
export declare namespace Thing {
  interface Part { weight: number }
}
export declare class ThingResource extends StripeResource {
  private readonly stripe;
  parts: PartResource;
  /** Finds it. */
  find(id: string, params?: ThingFindParams, options?: RequestOptions): Promise<Response<Thing>>;
}
`;
const module = readDeclarations("resources/Things/Things", text);

describe("readDeclarations", () => {
  test("reads imports under their local names, re-exports too", () => {
    expect(module.imports.get("Gone")).toEqual({ module: "resources/Customers", name: "DeletedCustomer" });
    expect(module.imports.get("Billing")).toEqual({ module: "resources/Things/Billing/index", name: "*" });
    expect(module.imports.get("Meter")).toEqual({ module: "resources/Things/Meters", name: "Meter" });
  });

  test("reads an interface with its documentation, bases and members", () => {
    expect(module.interfaces.get("Thing")).toMatchObject({
      name: "Thing",
      scope: { module: "resources/Things/Things", namespace: "" },
      documentation: "A thing\nof two lines.",
      bases: ["Base"],
      members: [
        { name: "id", optional: false, documentation: "Its id.", type: { kind: "primitive", name: "string" } },
        { name: "customer", optional: true, type: { kind: "union" } },
        { name: "kind", type: { kind: "reference", name: "Thing.Kind" } },
        { name: "tags", type: { kind: "map" } },
        { name: "odd-name", type: { kind: "array", element: { kind: "primitive", name: "number" } } },
      ],
    });
  });

  test("names nested declarations by their namespaces, and joins a namespace's parts", () => {
    expect([...module.interfaces.keys()]).toEqual(["Thing", "Thing.Part", "Thing.Part.Inner"]);
    expect(module.interfaces.get("Thing.Part")?.members.map((member) => member.name)).toEqual(["size", "weight"]);
    expect(module.aliases.get("Thing.Kind")?.scope.namespace).toBe("Thing");
  });

  test("reads a class's properties, base and methods", () => {
    expect(module.classes.get("ThingResource")).toMatchObject({
      base: "StripeResource",
      properties: [{ name: "parts", typeName: "PartResource" }],
      methods: [
        {
          name: "find",
          documentation: "Finds it.",
          parameters: [{ name: "id" }, { name: "params" }, { name: "options" }],
        },
      ],
    });
  });

  test("says which file it cannot parse", () => {
    expect(() => readDeclarations("resources/Broken", "export interface {")).toThrow(/resources\/Broken\.d\.ts/);
  });
});
