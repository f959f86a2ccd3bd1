import type { JsonObject } from "../../value/json.js";
import type { SeededRandom } from "../seeded-random.js";

export interface Region {
  readonly country: string;
  readonly currency: "usd" | "eur";
  readonly locale: string;
  readonly phone: string;
  readonly places: readonly (readonly [city: string, state: string | null, postalCode: string])[];
}

/** Customers are spread over these in turn; countries that buy more stand more than once. */
export const regions: readonly Region[] = [
  region("US", "usd", "en-US", "+1212555", [
    ["New York", "NY", "10001"],
    ["San Francisco", "CA", "94103"],
    ["Austin", "TX", "78701"],
    ["Chicago", "IL", "60601"],
  ]),
  region("DE", "eur", "de-DE", "+4930555", [
    ["Berlin", null, "10115"],
    ["München", null, "80331"],
    ["Hamburg", null, "20095"],
  ]),
  region("GB", "usd", "en-GB", "+4420555", [
    ["London", null, "EC1A 1BB"],
    ["Manchester", null, "M1 1AE"],
  ]),
  region("US", "usd", "en-US", "+1415555", [
    ["Seattle", "WA", "98101"],
    ["Boston", "MA", "02108"],
    ["Denver", "CO", "80202"],
  ]),
  region("FR", "eur", "fr-FR", "+331555", [
    ["Paris", null, "75001"],
    ["Lyon", null, "69001"],
  ]),
  region("CA", "usd", "en-CA", "+1416555", [
    ["Toronto", "ON", "M5H 2N2"],
    ["Montréal", "QC", "H2Y 1C6"],
  ]),
  region("US", "usd", "en-US", "+1305555", [
    ["Miami", "FL", "33101"],
    ["Portland", "OR", "97201"],
  ]),
  region("NL", "eur", "nl-NL", "+3120555", [["Amsterdam", null, "1012 AB"]]),
  region("ES", "eur", "es-ES", "+3491555", [
    ["Madrid", null, "28001"],
    ["Sevilla", null, "41001"],
  ]),
  region("AU", "usd", "en-AU", "+612555", [
    ["Sydney", "NSW", "2000"],
    ["Melbourne", "VIC", "3000"],
  ]),
  region("JP", "usd", "ja-JP", "+813555", [["東京", null, "100-0001"]]),
  region("BR", "usd", "pt-BR", "+5511555", [["São Paulo", "SP", "01310-100"]]),
  region("IN", "usd", "en-IN", "+9180555", [["Bengaluru", "KA", "560001"]]),
  region("IE", "eur", "en-IE", "+3531555", [["Dublin", null, "D01 F5P2"]]),
  region("SE", "eur", "sv-SE", "+468555", [["Stockholm", null, "111 20"]]),
];

function region(
  country: string,
  currency: Region["currency"],
  locale: string,
  phone: string,
  places: Region["places"],
): Region {
  return { country, currency, locale, phone, places };
}

const firstNames = [
  "Ada",
  "Grace",
  "Alan",
  "Edsger",
  "Barbara",
  "Donald",
  "Katherine",
  "Linus",
  "Margaret",
  "Niklaus",
  "Radia",
  "Tim",
  "Zoë",
  "José",
  "Søren",
  "Yuki",
  "Amélie",
  "O'Neil",
];
const lastNames = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Dijkstra",
  "Liskov",
  "Knuth",
  "Johnson",
  "Torvalds",
  "Hamilton",
  "Wirth",
  "Perlman",
  "Müller",
  "García",
  "Tanaka",
  "Dupont",
  "O'Brien",
];

/** Names repeat, as people's do. */
export function fullName(random: SeededRandom): string {
  return `${random.pick(firstNames)} ${random.pick(lastNames)}`;
}

export function addressIn({ country, places }: Region, random: SeededRandom): JsonObject {
  const [city, state, postalCode] = random.pick(places);
  return {
    city,
    country,
    line1: `${1 + random.below(900)} Market Street`,
    line2: null,
    postal_code: postalCode,
    state,
  };
}
