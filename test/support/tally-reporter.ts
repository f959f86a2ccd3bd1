import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with one plain line, "12 passed, 0 failed", for programs that read the output. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const passed = states.filter((state) => state === "passed").length;
    const failed = states.filter((state) => state === "failed").length;
    // A file that could not be loaded has no tests of its own, yet must not read as success.
    const broken = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    console.log(`\n${passed} passed, ${failed + broken + unhandledErrors.length} failed`);
  }
}
