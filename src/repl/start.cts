#!/usr/bin/env node
// The program's entry. Every Node of the last ten years can read this file, so that one that is too old for the rest
// says so, and not where it came upon what it does not know.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/** As `engines` in package.json has it. */
const isFit = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (isFit) {
  require("./load.cjs");
} else {
  const needed = "stripe-sql needs Node 20.19 or later, or 22.12 or later; this is Node ";
  process.stderr.write([needed, process.versions.node, ".\n"].join(""));
  process.exitCode = 1;
}
