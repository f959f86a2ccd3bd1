import { defineConfig } from "vitest/config";

// Nets for what hangs, wide enough for a machine that is slow or busy: no test is timed by them.
const nets = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 240_000 } } };

export default defineConfig({
  test: {
    // Half of a test's time is waiting for processes and answers.
    maxWorkers: 2,
    globalSetup: "./test/support/run-folder.ts",
    reporters: ["default", "./test/support/tally-reporter.ts"],
    projects: [
      {
        test: {
          name: "main",
          include: ["test/**/*.test.ts"],
          exclude: ["test/package/**", "test/clients/**", "test/spark/**", "test/**/*.service.test.ts"],
          ...nets,
        },
      },
      {
        // Those that need a program of Debian's: Squid, Redis, curl, PostgreSQL.
        test: {
          name: "services",
          include: ["test/**/*.service.test.ts"],
          ...nets,
        },
      },
      {
        // Clients of the gateway, which test/clients/install.sh installs.
        test: { name: "clients", include: ["test/clients/**/*.test.ts"], ...nets },
      },
      {
        // Run by hand: test/spark/install.sh fetches some 500 MB.
        test: { name: "spark", include: ["test/spark/**/*.test.ts"], ...nets },
      },
      {
        test: { name: "package", include: ["test/package/**/*.test.ts"], ...nets },
      },
    ],
  },
});
