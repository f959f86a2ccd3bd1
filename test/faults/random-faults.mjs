const refusal = (status, type = "api_error") => ({ error: { type, message: `Spoilt by ${status}` } });
// Nearly at once, so that thousands of runs end today.
const soon = { "Retry-After": "0.002" };

const common = [
  ["429", () => ({ kind: "status", status: 429, headers: soon, body: refusal(429, "invalid_request_error") })],
  ["500", () => ({ kind: "status", status: 500, headers: soon, body: refusal(500) })],
  ["503 in HTML", () => ({ kind: "status", status: 503, headers: soon, body: "<html>Service unavailable</html>" })],
  ["disconnect", () => ({ kind: "disconnect" })],
  ["lost reply", () => ({ kind: "lose-reply" })],
  ["truncated", () => ({ kind: "truncate" })],
  [
    "malformed",
    ({ of }) => ({
      kind: "garble",
      body: of(["", "{", "[]", "null", "{}", '"text"', '{"object":"list"', "<p>", "NaN"]),
    }),
  ],
  ["stalled", () => ({ kind: "stall" })],
  ["trickled", () => ({ kind: "trickle", milliseconds: 30 })],
  ["delayed", ({ below }) => ({ kind: "delay", milliseconds: below(20) })],
];

const page = (rewrite) => ({
  kind: "rewrite",
  rewrite: (answer) => (Array.isArray(answer?.data) ? rewrite(answer) : answer),
});
const ofPages = [
  [
    "repeated cursor",
    () => {
      let first;
      return page((answer) => {
        // The end of another list, such as a test clock's, would be an end that nobody can doubt.
        if (answer.has_more) first ??= answer;
        return first ?? answer;
      });
    },
  ],
  ["has_more without progress", () => page((answer) => ({ ...answer, data: [], has_more: true }))],
  ["no has_more", () => page(({ has_more: _, ...rest }) => rest)],
  ["no list", () => page((answer) => ({ ...answer, object: "customer" }))],
  [
    "rows of another type",
    () => page((answer) => ({ ...answer, data: answer.data.map((row) => ({ ...row, object: "charge" })) })),
  ],
  ["rows that are none", () => page((answer) => ({ ...answer, data: [...answer.data, 7] }))],
  ["rows without ids", () => page((answer) => ({ ...answer, data: answer.data.map(({ id: _, ...row }) => row) }))],
];

const ofWrites = [
  ["another object", () => ({ kind: "rewrite", rewrite: (answer) => ({ ...answer, id: "prod_another" }) })],
  ["no id", () => ({ kind: "rewrite", rewrite: ({ id: _, ...answer }) => answer })],
  [
    "lock timeout",
    () => ({
      kind: "status",
      status: 429,
      headers: soon,
      body: { error: { type: "invalid_request_error", code: "lock_timeout", message: "Locked" } },
    }),
  ],
  ["refused", () => ({ kind: "status", status: 400, body: refusal(400, "invalid_request_error") })],
];

/** Up to three faults on these requests. */
export function addFaults({ world, random, story }, { kind, ...where }) {
  const effects = [...common, ...(kind === "scan" ? ofPages : ofWrites)];
  for (let left = random.below(4); left > 0; left -= 1) {
    // What takes a second of its own is rarer.
    const slow = random.chance(0.7);
    const fast = slow
      ? effects.filter(([name]) => !/stalled|trickled|disconnect|lost|truncated|malformed/.test(name))
      : effects;
    const [name, effect] = random.of(fast);
    const drawn = { ...where, after: random.below(3), times: random.of([1, 1, 2, 3, 99]) };
    // What Stripe refuses on its merits it has not carried out before, under the same key.
    const fault = name === "refused" ? { ...drawn, after: 0, times: 99 } : drawn;
    story.push(`fault: ${name}, after ${fault.after}, ${fault.times} times`);
    world.sandbox.faults.add({ ...fault, effect: effect(random) });
  }
}
