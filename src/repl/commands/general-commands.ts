import { helpText } from "./help-text.js";
import type { MetaCommand } from "./meta-command.js";
import { runShellCommand } from "./run-program.js";

export const generalCommands: readonly MetaCommand[] = [
  {
    name: "\\?",
    aliases: ["\\h"],
    argument: "",
    effect: "this help",
    group: "General",
    run(given, shell) {
      given.end();
      shell.session.streams.output.write(helpText(shell.commands));
      return true;
    },
  },
  {
    name: "\\q",
    argument: "",
    effect: "leave",
    group: "General",
    run(given, shell) {
      given.end();
      shell.leave();
      return true;
    },
  },
  {
    name: "\\conninfo",
    argument: "",
    effect: "the account, its kind and the time zone",
    group: "General",
    async run(given, shell) {
      given.end();
      const { mode, apiBase, tables, procedures } = shell.session.connection.describe();
      const { rows } = await shell.session.connection.query("SHOW TimeZone");
      const [zone] = Object.values(rows[0] ?? {});
      shell.say(`Connected to ${kindOf[mode]} at ${apiBase}.`);
      shell.say(`${tables.length} tables, ${procedures.length} procedures; time zone ${String(zone)}.`);
      return true;
    },
  },
  {
    name: "\\timing",
    argument: "[on|off]",
    effect: "time and requests of each statement",
    group: "General",
    completes: ["on", "off"],
    run(given, shell) {
      const value = given.choice(["on", "off"]);
      given.end();
      shell.session.isTimed = value === undefined ? !shell.session.isTimed : value === "on";
      shell.say(`Timing is ${shell.session.isTimed ? "on" : "off"}.`);
      return true;
    },
  },
  {
    name: "\\!",
    argument: "[COMMAND]",
    effect: "run a command of the shell, or a shell",
    group: "General",
    takes: "line",
    run: ({ line }, shell) => runShellCommand(line, shell),
  },
];

const kindOf = { sandbox: "the sandbox", test: "an account in test mode", live: "a LIVE account" } as const;
