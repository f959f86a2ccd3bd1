import type { RowStream } from "../../driver/api.js";
import { visibleText } from "../../value/visible-text.js";
import type { ResultTarget } from "../result-target.js";
import { CommandMistake } from "./command-mistake.js";
import type { MetaCommand } from "./meta-command.js";
import type { Shell } from "./shell.js";

export const variableCommands: readonly MetaCommand[] = [
  {
    name: "\\set",
    argument: "[NAME [VALUE …]]",
    effect: "set a variable, for :name, :'name' and :\"name\"; without a name, show all",
    group: "Variables",
    run(given, shell) {
      const name = given.optional();
      if (name === undefined) for (const [one, value] of shell.variables.entries()) shell.say(`${one} = '${value}'`);
      else shell.variables.set(name, given.rest().join(""));
      return true;
    },
  },
  {
    name: "\\unset",
    argument: "NAME",
    effect: "forget a variable",
    group: "Variables",
    run(given, shell) {
      const name = given.required("a name");
      given.end();
      if (shell.variables.get(name) === undefined) throw new CommandMistake(`there is no variable "${name}"`);
      shell.variables.unset(name);
      return true;
    },
  },
  {
    name: "\\gset",
    argument: "[PREFIX]",
    effect: "run the statement, and set a variable for each column of its one row",
    group: "Variables",
    run(given, shell) {
      const prefix = given.name() ?? "";
      given.end();
      return setFromRow(prefix, shell);
    },
  },
  {
    name: "\\echo",
    argument: "[TEXT …]",
    effect: "print a text; -n first leaves out the line break",
    group: "Variables",
    run(given, { session }) {
      session.streams.output.write(echoed(given.rest()));
      return true;
    },
  },
  {
    name: "\\qecho",
    argument: "[TEXT …]",
    effect: "the same to where results go, see \\o",
    group: "Variables",
    async run(given, { session }) {
      await session.output.write(echoed(given.rest()));
      return true;
    },
  },
];

/** A variable may hold what a customer has written: none of it is a command to the terminal. */
function echoed(words: readonly string[]): string {
  const [isUnbroken, shown] = words[0] === "-n" ? [true, words.slice(1)] : [false, words];
  const text = shown.join(" ").split("\n").map(visibleText).join("\n");
  return isUnbroken ? text : `${text}\n`;
}

/** NULL unsets its variable, as in psql. */
async function setFromRow(prefix: string, { session, query, variables }: Shell): Promise<boolean> {
  const text = query.take();
  if (text === "") throw new CommandMistake("\\gset: there is no statement to run");
  const target = new GatheredRows(2);
  const summary = await session.run(variables.interpolate(text), { target });
  if (summary === undefined) return false;
  const [row, second] = target.rows;
  if (row === undefined) throw new CommandMistake("\\gset: the statement gave no row");
  if (second !== undefined) throw new CommandMistake("\\gset: the statement gave more than one row");
  target.columns.forEach((column, index) => {
    const value = row[index] ?? null;
    if (value === null) variables.unset(`${prefix}${column}`);
    else variables.set(`${prefix}${column}`, value);
  });
  return true;
}

/** Keeps the first few rows of a result instead of printing it. */
class GatheredRows implements ResultTarget {
  columns: readonly string[] = [];
  readonly rows: (readonly (string | null)[])[] = [];

  constructor(private readonly limit: number) {}

  async put(rows: RowStream): Promise<void> {
    this.columns = (await rows.columns()).map(({ name }) => name);
    for await (const texts of rows.texts("sql")) {
      this.rows.push(texts);
      if (this.rows.length >= this.limit) break;
    }
  }

  remark(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  async discard(): Promise<void> {}
}
