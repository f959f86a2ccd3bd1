/** One way of logging in that a proxy offers. */
export interface ProxyChallenge {
  /** As the proxy spells it: "Digest". */
  readonly scheme: string;
  /** By name in lower case, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A scheme stands at the start or after a comma, and no equals sign follows it; all else is its parameters. */
const part =
  /(?:^|,)\s*([\w!#$%&'*+.^`|~-]+)(?=\s|,|$)(?!\s*=)|([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/g;

/**
 * The challenges of a Proxy-Authenticate header, several lines of which are joined by commas. Parameters that nobody
 * knows are kept: RFC 7616 added some. Source: RFC 9110, 11.6.1
 */
export function parseChallenges(header: string): readonly ProxyChallenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const [, scheme, name, quoted, bare] of header.matchAll(part)) {
    if (scheme !== undefined) challenges.push({ scheme, parameters: new Map() });
    else if (name !== undefined) {
      const value = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
  }
  return challenges;
}
