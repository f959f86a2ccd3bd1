import { idOf } from "../account-state.js";
import { numberField, textField, without } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, deleteObject } from "../plain-operations.js";
import { invalidRequest, notModelled } from "../refusals.js";
import { deleteCustomer } from "./customers.js";

const type = "TestHelpersTestClock";

/** A clock with nobody on it can be advanced; what would happen to its customers is not modelled. */
export const testClockOperations: OperationTable = {
  "POST /v1/test_helpers/test_clocks": (state, { parameters }) => {
    const customerId = textField(parameters, "customer");
    const customer = customerId === undefined ? undefined : state.require("Customer", customerId, "customer");
    const clock = createObject(state, state.world.shapes.table(type), without(parameters, ["customer"]));
    if (customer !== undefined) state.change("Customer", customer, { test_clock: idOf(clock) });
    return clock;
  },
  // Its customers go with it. Source: https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
  "DELETE /v1/test_helpers/test_clocks/{}": (state, call) => {
    const clock = keyOf(call);
    const deleted = deleteObject(state, state.world.shapes.table(type), clock);
    for (const customer of state.where("Customer", ["test_clock"], clock)) deleteCustomer(state, idOf(customer));
    return deleted;
  },
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
