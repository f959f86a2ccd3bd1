import { z } from "zod";

/** A parameter that may be given once. */
export const oneText = z.string({
  error: ({ input }) => (Array.isArray(input) ? "expected one value, not several" : undefined),
});
