import type { Fault, FaultInjector } from "./sandbox.js";

interface ArmedFault {
  readonly fault: Fault;
  passed: number;
  struck: number;
}

/** Faults that tests and benchmarks ask for; each strikes on its own count. */
export class ArmedFaults implements FaultInjector {
  #armed: ArmedFault[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, passed: 0, struck: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The effects that strike this request, in the order in which the faults were added. */
  strike(method: string, path: string): readonly Fault["effect"][] {
    return this.#armed
      .filter((armed) => matches(armed.fault, method, path) && strikes(armed))
      .map(({ fault }) => fault.effect);
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === "string" ? path.startsWith(fault.path) : fault.path.test(path);
}

function strikes(armed: ArmedFault): boolean {
  if (armed.passed < (armed.fault.after ?? 0)) {
    armed.passed += 1;
    return false;
  }
  if (armed.struck >= (armed.fault.times ?? 1)) return false;
  armed.struck += 1;
  return true;
}
