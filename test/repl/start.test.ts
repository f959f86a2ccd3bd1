import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, programEnvironment } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

const root = new URL("../../", import.meta.url);
const start = fileURLToPath(new URL("dist/repl/start.cjs", root));
const { engines, bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

beforeAll(ensureBuilt);

/** `stripe-sql --version` on this Node, which calls itself another. */
function runAs(version: string) {
  const pretence = testFolder().write(
    "node-version.cjs",
    `Object.defineProperty(process.versions, "node", { value: "${version}" })`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", pretence, start, "--version"], {
    env: programEnvironment({}),
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("the program", () => {
  it("is what the package's command runs", () => {
    expect(bin).toEqual({ "stripe-sql": "dist/repl/start.cjs" });
  });

  it.each(["0.12.18", "10.24.1", "16.20.2", "18.20.8", "20.0.0", "20.18.3", "21.7.3", "22.0.0", "22.11.0"])(
    "says in one line that Node %s is too old",
    (version) => {
      expect(runAs(version)).toEqual({
        status: 1,
        stdout: "",
        stderr: `stripe-sql needs Node 20.19 or later, or 22.12 or later; this is Node ${version}.\n`,
      });
    },
  );

  it.each(["20.19.0", "20.20.2", "22.12.0", "23.1.0", "24.0.0", "26.1.0"])("runs on Node %s", (version) => {
    expect(runAs(version)).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });

  it("asks for what package.json asks for", () => {
    expect(engines).toEqual({ node: "^20.19.0 || >=22.12.0" });
  });

  it("begins in a file of words that an old Node reads", () => {
    const code = readFileSync(start, "utf8").replace(/^#!.*$|^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, "");
    expect(code).not.toMatch(/\bimport\b|\bexport\b|\basync\b|\bawait\b|\?\.|\?\?|\.\.\.|#|`|=>/);
  });
});
