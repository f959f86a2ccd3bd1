// A sandbox in a process of its own, so that its work is not counted as the client's.
// Prints its port, and ends with its parent.
import { startSandbox } from "../../dist/index.js";

const charges = Number(process.argv[2] ?? 0);
const sandbox = await startSandbox(charges > 0 ? { customers: 50, charges } : {});
process.stdout.write(`${sandbox.url}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
