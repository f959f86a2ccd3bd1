import { bufferCommands } from "./buffer-commands.js";
import { displayCommands } from "./display-commands.js";
import { fileCommands } from "./file-commands.js";
import { generalCommands } from "./general-commands.js";
import type { MetaCommand } from "./meta-command.js";
import { queryCommands } from "./query-commands.js";
import { schemaCommands } from "./schema-commands.js";
import { variableCommands } from "./variable-commands.js";

/** All backslash commands. */
export const metaCommands: readonly MetaCommand[] = [
  ...generalCommands,
  ...bufferCommands,
  ...schemaCommands,
  ...queryCommands,
  ...fileCommands,
  ...variableCommands,
  ...displayCommands,
];
