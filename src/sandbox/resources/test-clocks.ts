import { numberField } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest, notModelled } from "../refusals.js";

const type = "TestHelpersTestClock";

/** A clock with nobody on it can be advanced; what would happen to its customers is not modelled. */
export const testClockOperations: OperationTable = {
  "POST /v1/test_helpers/test_clocks/{}/advance": (state, call) => {
    const clock = state.require(type, keyOf(call));
    const frozenTime = numberField(call.parameters, "frozen_time");
    if (frozenTime <= numberField(clock, "frozen_time")) {
      throw invalidRequest("The frozen time must be after the test clock's current frozen time.", {
        param: "frozen_time",
      });
    }
    if (state.where("Customer", ["test_clock"], keyOf(call)).length > 0)
      throw notModelled("advancing a test clock that has customers");
    return state.change(type, clock, { frozen_time: frozenTime, status: "ready" });
  },
};
