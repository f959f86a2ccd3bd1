import { variablesIn } from "../input/variables.js";
import { readSavedQuery, savedQueries, saveQuery } from "../saved-queries/saved-queries.js";
import { CommandMistake } from "./command-mistake.js";
import type { MetaCommand } from "./meta-command.js";
import type { Shell } from "./shell.js";

export const queryCommands: readonly MetaCommand[] = [
  {
    name: "\\save",
    argument: "NAME",
    effect: "keep the statement being typed, or the last one, as NAME.sql",
    group: "Saved queries",
    async run(given, shell) {
      const name = given.required("a name");
      given.end();
      const text = shell.query.current;
      if (text === "") throw new CommandMistake("\\save: there is no statement to keep");
      const isReplaced = await saveQuery(shell.queriesFolder, name, text);
      shell.query.text = "";
      shell.query.last = text;
      shell.say(`${isReplaced ? "Replaced" : "Saved"} ${name} in ${shell.queriesFolder}.`);
      return true;
    },
  },
  {
    name: "\\run",
    argument: "NAME [VARIABLE=VALUE …]",
    effect: "run a saved query, with its variables set for that once",
    group: "Saved queries",
    run(given, shell) {
      const name = given.required("a saved query's name");
      return runSaved(name, given.rest().map(readAssignment), shell);
    },
  },
  {
    name: "\\queries",
    argument: "",
    effect: "the saved queries, with the variables that they take",
    group: "Saved queries",
    async run(given, shell) {
      given.end();
      const queries = await savedQueries(shell.queriesFolder);
      if (queries.length === 0) shell.say(`No queries are saved in ${shell.queriesFolder}.`);
      for (const { name, description, variables } of queries) {
        const call = [name, ...variables.map((variable) => `${variable}=…`)].join(" ");
        shell.say(description === "" ? call : `${call.padEnd(28)}  ${description}`);
      }
      return true;
    },
  },
];

function readAssignment(word: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new CommandMistake(`\\run takes VARIABLE=VALUE, not "${word}"`);
}

async function runSaved(
  name: string,
  given: readonly (readonly [name: string, value: string])[],
  shell: Shell,
): Promise<boolean> {
  const text = await readSavedQuery(shell.queriesFolder, name);
  const wanted = variablesIn(text);
  const stray = given.find(([variable]) => !wanted.includes(variable));
  if (stray !== undefined) throw new CommandMistake(`${name} has no variable "${stray[0]}"`);
  const outer = shell.variables;
  const variables = outer.with(given);
  const missing = wanted.filter((variable) => variables.get(variable) === undefined);
  if (missing.length > 0) {
    const call = missing.map((variable) => `${variable}=…`).join(" ");
    throw new CommandMistake(`${name} needs ${missing.join(", ")}`, `\\run ${name} ${call}`);
  }
  shell.variables = variables;
  try {
    return await shell.runScript(text, undefined);
  } finally {
    shell.variables = outer;
  }
}
