import { spawn } from "node:child_process";
import { CommandMistake } from "./command-mistake.js";
import type { Shell } from "./shell.js";

/** Runs a program on this terminal, by the user's shell, to its end. The answer is its exit status, or its signal. */
export function runProgram(command: string, environment: NodeJS.ProcessEnv): Promise<number | string> {
  const shell = environment["SHELL"] || "/bin/sh";
  const child = spawn(shell, command === "" ? [] : ["-c", command], { stdio: "inherit", env: environment });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new CommandMistake(`${shell} cannot be run: ${error.message}`)));
    child.on("close", (status, signal) => resolve(status ?? signal ?? 0));
  });
}

/** `\!`. A program that fails is told; it is no failure of the session's. */
export async function runShellCommand(command: string, shell: Shell): Promise<boolean> {
  const status = await shell.lendTerminal(() => runProgram(command, shell.environment));
  if (status === 0) return true;
  throw new CommandMistake(
    typeof status === "number" ? `the command ended with status ${status}` : `the command was ended by ${status}`,
  );
}
