import { defineConfig } from "vitest/config";

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
          exclude: ["test/package/**", "test/**/*.service.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Those that need a program of Debian's: Squid, Redis, curl.
        test: {
          name: "services",
          include: ["test/**/*.service.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { name: "package", include: ["test/package/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
