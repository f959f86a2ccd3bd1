import { expect, test } from "vitest";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { EngineSession } from "../../../src/execute/engine/engine-session.js";
import { RelationLoader } from "../../../src/execute/select/relation-loader.js";
import type { ComputedKeys } from "../../../src/plan/predicate/predicate.js";
import { errorOf } from "../../support/scripted-client.js";
import { unhandledRejectionsOf } from "../../support/unhandled-rejections.js";

const canceled = new StripeSqlError("canceling statement", { sqlState: SqlState.queryCanceled, phase: "execute" });

/** As much of a session as computes keys. */
function sessionThat(runTree: NonNullable<EngineSession["runTree"]>): EngineSession {
  return { runTree } as Partial<EngineSession> as EngineSession;
}

const computed: ComputedKeys = {
  form: "texts",
  tree: "{}",
  column: 0,
  orderColumns: 0,
  reads: [],
  limit: undefined,
  most: undefined,
};

test("a failure to compute keys is told to who asked for them alone", async () => {
  const loader = new RelationLoader(sessionThat(() => Promise.reject(canceled)));
  const rejections = await unhandledRejectionsOf(async () => {
    expect(await errorOf(loader.keys(computed))).toBe(canceled);
  });
  expect(rejections).toEqual([]);
});
