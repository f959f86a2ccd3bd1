// A sandbox in a process that may be killed: its state is in a file, and its clock is the parent's to set.
//   node crash-server.mjs FILE PORT [LATENCY-MS [REQUESTS-PER-SECOND]]
import { startSandbox } from "../../dist/index.js";

const [file, port, latency = "1", rate] = process.argv.slice(2);
let shiftMs = 0;
const sandbox = await startSandbox({
  file,
  port: Number(port),
  customers: 2,
  latencyMs: Number(latency),
  requestsPerSecond: rate === undefined ? undefined : Number(rate),
  nowSeconds: () => Math.floor((Date.now() + shiftMs) / 1000),
});
process.on("message", ({ shift, faults, id }) => {
  if (shift !== undefined) shiftMs = shift;
  sandbox.faults.clear();
  for (const fault of faults ?? []) sandbox.faults.add(fault);
  process.send({ done: id });
});
process.on("disconnect", () => process.exit(0));
process.send({ url: sandbox.url, port: sandbox.port });
