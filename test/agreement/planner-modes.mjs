import { connect } from "../../dist/index.js";
import { plannerRules } from "../../dist/plan/planner-rule.js";

/** Ways in which a statement can be planned, beside the usual one: its answer is the same by each. */
const otherModes = [
  ["all rules off", { withoutRules: plannerRules }],
  ...plannerRules.map((rule) => [`${rule} off`, { withoutRules: [rule] }]),
  ["Search wherever it can", { search: "always" }],
  ["every row through the engine", { directWay: false }],
  ["lists in ranges", { parallelRequests: 5 }],
];

/**
 * Connections to one sandbox. `truth` reads whole tables and leaves everything to the local engine; `usual` is as
 * programs get it; `others` are by name.
 */
export async function openModes(sandbox, { cachePath, timeout }) {
  const open = (options) =>
    connect({
      apiKey: sandbox.apiKey,
      apiBase: sandbox.url,
      requestsPerSecond: 10_000,
      cachePath,
      ...(timeout === undefined ? {} : { timeout }),
      ...options,
    });
  const truth = await open({ pushdown: false, directWay: false, withoutRules: plannerRules, timeout: 80 });
  const usual = await open({});
  const others = [];
  for (const [mode, options] of otherModes) others.push([mode, await open(options)]);
  return {
    truth,
    usual,
    others,
    close: () => Promise.all([truth, usual, ...others.map(([, connection]) => connection)].map((one) => one.close())),
  };
}
