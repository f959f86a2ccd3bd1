import { didYouMean } from "../error/suggestion.js";
import { knownZoneNames } from "../value/zone-name.js";

/** "Did you mean …?" for a text that is no time zone. A city alone is enough to find its zone. */
export function nearZones(text: string): string | undefined {
  const wanted = text.trim().replace(/\s+/g, "_").toLowerCase();
  const ofCity = knownZoneNames().filter((name) => name.toLowerCase().endsWith(`/${wanted}`));
  return ofCity.length === 0 ? didYouMean(wanted, knownZoneNames()) : didYouMean(ofCity[0] ?? "", ofCity);
}
