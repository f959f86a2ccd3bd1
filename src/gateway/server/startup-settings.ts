import { SqlState } from "../../error/sql-state.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { Settings } from "../session/session-settings.js";

/** Parameters of a start-up that are no settings. */
const others: ReadonlySet<string> = new Set(["user", "database", "options", "replication"]);

/**
 * The settings that a client asks for when it connects: its parameters, and `-c name=value` and `--name=value` in
 * "options", where a backslash stands before a space that belongs to a value.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
 */
export function startupSettings(parameters: ReadonlyMap<string, string>): Settings {
  const replication = parameters.get("replication");
  if (replication !== undefined && !/^(false|off|no|0)$/i.test(replication)) {
    throw new ProtocolError("replication is not supported", {
      severity: "FATAL",
      sqlState: SqlState.featureNotSupported,
    });
  }
  const given = [...parameters].filter(([name]) => !others.has(name));
  return new Map([...optionSettings(parameters.get("options") ?? ""), ...given]);
}

function optionSettings(options: string): readonly (readonly [string, string])[] {
  const words = [...options.matchAll(/(?:\\.|[^\s\\])+/g)].map(([word]) => word.replace(/\\(.)/g, "$1"));
  const settings: (readonly [string, string])[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const text = word === "-c" ? words[++index] : /^(?:-c|--)(.*)$/s.exec(word)?.[1];
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text ?? "") ?? [];
    if (name === undefined || value === undefined) {
      throw new ProtocolError(`invalid command-line argument for server process: ${word}`, {
        severity: "FATAL",
        sqlState: SqlState.syntaxError,
      });
    }
    settings.push([name.replaceAll("-", "_"), value]);
  }
  return settings;
}
