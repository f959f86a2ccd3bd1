import { didYouMean } from "../../error/suggestion.js";
import { textFormats } from "../../output/output-format.js";
import { quoteText } from "../../value/quote.js";
import type { CommandArguments } from "./command-arguments.js";
import { CommandMistake } from "./command-mistake.js";
import type { MetaCommand } from "./meta-command.js";
import type { Shell } from "./shell.js";

export const displayCommands: readonly MetaCommand[] = [
  {
    name: "\\x",
    argument: "[on|off|auto]",
    effect: "one line a column; auto does so where a row does not fit",
    group: "Display",
    completes: ["on", "off", "auto"],
    run(given, shell) {
      const { output } = shell.session;
      const value = given.choice(["on", "off", "auto"]);
      given.end();
      output.expanded = value ?? (output.expanded === "on" ? "auto" : "on");
      shell.say(`Expanded display is ${output.expanded}.`);
      return true;
    },
  },
  {
    name: "\\format",
    argument: `[${textFormats.join("|")}]`,
    effect: "how results are printed",
    group: "Display",
    completes: textFormats,
    run(given, shell) {
      const { output } = shell.session;
      const format = given.choice(textFormats);
      given.end();
      output.format = format ?? output.format;
      shell.say(`Format is ${output.format}.`);
      return true;
    },
  },
  {
    name: "\\money",
    argument: "[on|off]",
    effect: "amounts in the currency itself, where the row's currency is in the result; else in minor units",
    group: "Display",
    completes: ["on", "off"],
    run(given, shell) {
      const value = given.choice(["on", "off"]);
      given.end();
      shell.session.isMoney = value === undefined ? !shell.session.isMoney : value === "on";
      shell.say(`Money is ${shell.session.isMoney ? "on" : "off"}.`);
      return true;
    },
  },
  {
    name: "\\pset",
    argument: "[NAME [VALUE]]",
    effect: "null TEXT, border 0-2, pager on|off|always, color on|off, zone NAME; without a name, show all",
    group: "Display",
    completes: ["null", "border", "pager", "color", "zone"],
    run: (given, shell) => setDisplay(given, shell),
  },
];

/** One of `\\pset`'s. */
interface DisplaySetting {
  readonly choices?: readonly string[];
  set(value: string, shell: Shell): void | Promise<void>;
  /** What it is now. */
  tell(shell: Shell): string | Promise<string>;
}

const settings: Readonly<Record<string, DisplaySetting>> = {
  null: {
    set(value, { session }) {
      session.output.nullText = value;
    },
    tell: ({ session }) => `Null display is "${session.output.nullText}".`,
  },
  border: {
    choices: ["0", "1", "2"],
    set(value, { session }) {
      session.output.border = value === "0" ? 0 : value === "1" ? 1 : 2;
    },
    tell: ({ session }) => `Border is ${session.output.border}.`,
  },
  pager: {
    choices: ["on", "off", "always"],
    set(value, { session }) {
      session.output.pager = value === "always" ? "always" : value === "on" ? "on" : "off";
    },
    tell: ({ session }) => `Pager is ${session.output.pager}.`,
  },
  color: {
    choices: ["on", "off"],
    set(value, { session }) {
      session.output.isColored = value === "on";
    },
    tell: ({ session }) => `Color is ${session.output.isColored ? "on" : "off"}.`,
  },
  zone: {
    async set(value, { session }) {
      await session.connection.query(`SET TimeZone = ${quoteText(value)}`);
    },
    async tell({ session }) {
      const { rows } = await session.connection.query("SHOW TimeZone");
      return `Time zone is ${String(Object.values(rows[0] ?? {})[0])}.`;
    },
  },
};

async function setDisplay(given: CommandArguments, shell: Shell): Promise<boolean> {
  const name = given.name();
  if (name === undefined) {
    for (const setting of Object.values(settings)) shell.say(await setting.tell(shell));
    return true;
  }
  const setting = settings[name];
  if (setting === undefined) {
    const known = Object.keys(settings);
    throw new CommandMistake(`\\pset has no "${name}"`, didYouMean(name, known) ?? `It has ${known.join(", ")}.`);
  }
  const value = setting.choices === undefined ? given.optional() : given.choice(setting.choices);
  given.end();
  if (value !== undefined) await setting.set(value, shell);
  shell.say(await setting.tell(shell));
  return true;
}
