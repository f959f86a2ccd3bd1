// A sandbox in a process of its own, so that its work is not counted as the client's.
// Prints its port, and ends with its parent.
import { startSandbox } from "../../dist/index.js";

const charges = Number(process.argv[2] ?? 0);
const customers = Number(process.argv[3] ?? 50);
const seed = process.argv[4] ? Number(process.argv[4]) : undefined;
const sandbox = await startSandbox({
  ...(charges > 0 || seed !== undefined ? { customers } : {}),
  ...(charges > 0 ? { charges } : {}),
  ...(seed === undefined ? {} : { seed }),
});
process.stdout.write(`${sandbox.url}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
