import { describe, expect, test } from "vitest";
import { freshCatalog } from "./fresh-catalog.js";
import { literalUnions } from "./literal-unions.js";

const catalog = freshCatalog();
const unions = literalUnions();
const key = (words: readonly string[]): string => [...words].sort().join(" ");

interface DeclaredEnum {
  readonly enumValues: readonly string[] | undefined;
  readonly closedEnum?: true | undefined;
}

/** Every place of the catalog where values are listed. */
const places: readonly (readonly [string, DeclaredEnum])[] = [
  ...catalog
    .tables()
    .flatMap((table) => [
      ...[...table.columns, ...table.pseudoColumns].map((column) => [`${table.name}.${column.name}`, column] as const),
      ...table.lists.flatMap((list) =>
        list.filters.map((filter) => [`${table.name} ${list.path}?${filter.parameter}`, filter] as const),
      ),
      ...[table.create, table.update].flatMap((endpoint) =>
        (endpoint?.parameters ?? []).map(
          (parameter) => [`${table.name} ${endpoint?.path} ${parameter.name}`, parameter] as const,
        ),
      ),
    ]),
  ...catalog
    .procedures()
    .flatMap((procedure) =>
      procedure.parameters.map((parameter) => [`${procedure.name} ${parameter.name}`, parameter] as const),
    ),
];

const closed = places.filter(([, { enumValues, closedEnum }]) => closedEnum === true && (enumValues?.length ?? 0) > 1);

/** Stripe adds values to open enums without a new version of its API; the SDK marks them by `OtherString`. */
describe("every union of words", () => {
  test("of the SDK is open but for a few", () => {
    const open = unions.filter((union) => union.open).length;
    expect({ open, closed: unions.length - open }).toEqual({ open: 2897, closed: 327 });
  });

  test("that the catalog takes for closed is one that the SDK does not mark as open", () => {
    const marked = new Map<string, boolean>();
    for (const { words, open } of unions) marked.set(key(words), (marked.get(key(words)) ?? true) && open);
    const wrong = closed.filter(([, { enumValues }]) => marked.get(key(enumValues ?? [])) !== false);
    expect(wrong.map(([place]) => place)).toEqual([]);
  });

  test("of the catalog is open but for a few", () => {
    const listed = places.filter(([, { enumValues }]) => (enumValues?.length ?? 0) > 1);
    expect({ listed: listed.length, closed: closed.length }).toEqual({ listed: 1743, closed: 82 });
  });

  test.each(["Event.Type", "WebhookEndpoint /v1/webhook_endpoints ApiVersion"])(
    "is open in %s, to which values are added all the time",
    (place) => {
      expect(places.find(([name]) => name === place)?.[1].closedEnum).toBeUndefined();
    },
  );

  test("is open in a column of objects of several kinds, which more kinds may join", () => {
    expect(places.filter(([place]) => /^(ExternalAccount|CustomerSource)\.Object$/.test(place))).toMatchObject([
      ["CustomerSource.Object", { enumValues: ["account", "bank_account", "card", "source"] }],
      ["ExternalAccount.Object", { enumValues: ["bank_account", "card"] }],
    ]);
    expect(closed.map(([place]) => place).filter((place) => place.endsWith(".Object"))).toEqual([]);
  });
});
