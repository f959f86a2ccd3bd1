import { KeptBytes } from "./kept-bytes.js";

/** Ten of the default state: the sandbox's day is part of a state's name, so that every day adds one. */
const mostBytes = 256 * 1024 * 1024;

/** Where the sandbox's seeded states are kept. */
export function keptStates(cachePath: string | undefined): KeptBytes {
  return new KeptBytes({ cachePath, room: { prefix: "sandbox-", mostBytes } });
}
