import type { StartupMessage } from "./frontend-message.js";

/** The newest minor version of protocol 3 that is spoken here. */
export const latestMinorVersion = 2;

export interface NegotiatedVersion {
  /** What is spoken from now on. */
  readonly minorVersion: number;
  /** Whether the client has to be told by NegotiateProtocolVersion, before anything else. */
  readonly differs: boolean;
  /** Protocol options that it asked for and none of which is known. */
  readonly unknownOptions: readonly string[];
}

/** What a client and this server speak: the older of what both know, and no option of the protocol. */
export function negotiateVersion({ minorVersion, protocolOptions }: StartupMessage): NegotiatedVersion {
  const unknownOptions = [...protocolOptions.keys()];
  return {
    minorVersion: Math.min(minorVersion, latestMinorVersion),
    differs: minorVersion > latestMinorVersion || unknownOptions.length > 0,
    unknownOptions,
  };
}
